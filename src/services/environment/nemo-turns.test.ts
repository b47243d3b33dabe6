import { expect, test } from '@jest/globals'
import { responseTurns } from './nemo-turns.js'

const call = { type: 'function_call', name: 'code_image_tool' }
const said = (text: string) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }, { type: 'refusal' }],
})

test('texts belong to the call that follows them, reasoning as a thought', () => {
  const reasoning = { type: 'reasoning', summary: [{ type: 'summary_text', text: 'tilted' }] }
  const output = [reasoning, said(' so '), call, { type: 'function_call_output' }, call, said('it is 7')]
  expect(responseTurns(output)).toEqual({
    asking: ['<think>tilted</think> so ', ''],
    last: 'it is 7',
    isCut: false,
  })
})

test('a response that ends with a call, or holds nothing, has no answer', () => {
  expect(responseTurns([said('a'), call])).toEqual({ asking: ['a'], last: '', isCut: true })
  expect(responseTurns([])).toEqual({ asking: [], last: '', isCut: false })
})

test('what the user is made to say is not the model’s', () => {
  expect(responseTurns([{ type: 'message', role: 'user', content: 'look' }, said('ok')]).last).toBe('ok')
})
