import { expect, test } from '@jest/globals'
import { responseTurns } from './nemo-turns.js'

const asked = (given: object, id = 'c', name = 'code_image_tool') => ({
  type: 'function_call',
  call_id: id,
  name,
  arguments: JSON.stringify(given),
})
const told = (answer: object, id = 'c') => ({
  type: 'function_call_output',
  call_id: id,
  output: JSON.stringify(answer),
})
const REFUSED = { error: { code: 'queue_full', message: 'There is no room.', hint: 'Send it again.' } }
const TURN = { code: 'result = image', image_index: 0 }
const call = asked(TURN)
const taken = (...given: object[]) =>
  given.map((one) => ({ id: 'x', name: 'code_image_tool', arguments: JSON.stringify(one) }))
const said = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }, { type: 'refusal' }],
})

test('texts belong to the call that follows them, reasoning as a thought', () => {
  const reasoning = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'tilted' }] }
  const output = [reasoning, said(' so '), call, { type: 'function_call_output' }, call, said('it is 7')]
  expect(responseTurns({ output, taken: taken(TURN, TURN) })).toEqual({
    asking: ['<think>tilted</think> so ', ''],
    last: 'it is 7',
    isCut: false,
  })
})

test('a response that ends with a call, or holds nothing, has no answer', () => {
  const output = [said('a'), call]
  expect(responseTurns({ output, taken: taken(TURN) })).toEqual({ asking: ['a'], last: '', isCut: true })
  expect(responseTurns({ output, taken: [] })).toEqual({ asking: [], last: 'a', isCut: true })
  expect(responseTurns({ output: [], taken: [] })).toEqual({ asking: [], last: '', isCut: false })
})

test('what the user is made to say is not the model’s', () => {
  const output = [{ type: 'message', role: 'user', content: 'look' }, said('ok')]
  expect(responseTurns({ output, taken: [] }).last).toBe('ok')
})

test('the text of a call that took no turn joins the turn behind it, and shifts no other', () => {
  const other = { code: 'result = image.rotate(90)', image_index: 0 }
  const zoom = [said('a'), asked(TURN, '1', 'zoom'), told(REFUSED, '1')]
  // As the service has read it: the order of the keys is none of a call.
  const ran = taken({ image_index: 0, code: 'result = image' }, other)
  const rest = [said('b'), asked(TURN, '2'), told({ output: 'seen' }, '2'), said('c'), asked(other, '3')]
  expect(responseTurns({ output: [...zoom, ...rest, said('d')], taken: ran })).toEqual({
    asking: ['ab', 'c'],
    last: 'd',
    isCut: false,
  })
  expect(responseTurns({ output: [...rest, ...zoom, said('d')], taken: ran })).toEqual({
    asking: ['b', 'c'],
    last: 'ad',
    isCut: false,
  })
})

test('a call that was refused and sent again is the one that was taken, under the same id too', () => {
  for (const id of ['1', '2']) {
    const output = [said('a'), asked(TURN, '1'), told(REFUSED, '1'), said('b'), asked(TURN, id)]
    const answer = told({ output: 'error: code' }, id)
    const again = [said('c'), asked(TURN, id), answer, said('d')]
    expect(responseTurns({ output: [...output, answer, ...again], taken: taken(TURN, TURN) })).toEqual({
      asking: ['ab', 'c'],
      last: 'd',
      isCut: false,
    })
  }
})

test('a request that was sent again took two turns of one text, and shifts no other', () => {
  const other = { code: 'result = image.rotate(90)', image_index: 0 }
  const written = [said('a'), call, said('b'), asked(other), said('c')]
  const turns = (...given: object[]) => responseTurns({ output: written, taken: taken(...given) })
  expect(turns(TURN, TURN, other)).toEqual({ asking: ['a', 'a', 'b'], last: 'c', isCut: false })
  expect(turns(TURN, other, other, other)).toMatchObject({ asking: ['a', 'b', 'b', 'b'], last: 'c' })
  // Written twice, it is no repetition.
  expect(responseTurns({ output: [said('z'), call, ...written], taken: taken(TURN, TURN, other) })).toEqual({
    asking: ['z', 'a', 'b'],
    last: 'c',
    isCut: false,
  })
  // Sent again while its turn went on.
  const busy = told({ error: { code: 'turn_under_way', message: 'It takes a turn.' } })
  const early = [said('a'), call, busy, said('b'), asked(other), said('c')]
  expect(responseTurns({ output: early, taken: taken(TURN, other) })).toMatchObject({ asking: ['a', 'b'] })
  // The other one was not taken, and so leaves its text.
  const between = [said('a'), call, said('b'), asked(other), said('c'), call]
  expect(responseTurns({ output: between, taken: taken(TURN, TURN) }).asking).toEqual(['a', 'bc'])
})

test('a call whose arguments are no JSON was not taken', () => {
  expect(responseTurns({ output: [{ type: 'function_call' }], taken: [] }).asking).toEqual([])
  const broken = { ...call, arguments: '{"code": NaN}' }
  expect(responseTurns({ output: [said('a'), broken, said('b'), call], taken: taken(TURN) }).asking).toEqual([
    'ab',
  ])
})
