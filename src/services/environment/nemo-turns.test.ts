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

test('a call whose arguments are no JSON was not taken', () => {
  const broken = { ...call, arguments: '{"code": NaN}' }
  expect(responseTurns({ output: [said('a'), broken, said('b'), call], taken: taken(TURN) }).asking).toEqual([
    'ab',
  ])
})
