import { expect, test } from '@jest/globals'
import { attributesOf } from '../sharegpt/dataset-info.js'
import { PAPER_ATTRIBUTES } from '../sharegpt/dataset-attributes.js'
import { checkRow } from './check-row.js'

const says = (from: string, value: unknown) => ({ from, value })
const QUESTION = says('human', '<image>What?')
const CALL = says('gpt', '<think>I look.</think>\n<tool_call>{}</tool_call>')
const RESULT = says('tool', '<image>Image 1 is the result.')
const ANSWER = says('gpt', '<answer>cat</answer>')
const GOOD = { conversations: [QUESTION, CALL, RESULT, ANSWER], images: ['a.png', 'b.png'], system: 'Look.' }
const CALL_JSON = JSON.stringify({ name: 'code_image_tool', arguments: { code: '1' } })

/** What is said of a row, in short. */
function saidOf(row: unknown, attributes = PAPER_ATTRIBUTES): string[] {
  return checkRow({ row, attributes }).findings.map(
    ({ effect, check, what, expected, got }) =>
      `${effect} ${check} ${what}: expected ${expected}, got ${got}`,
  )
}

const turns = (...conversations: unknown[]) => ({ conversations, images: [] })

test('a row as the paper has them is taken, its images are to be looked for', () => {
  expect(checkRow({ row: GOOD, attributes: PAPER_ATTRIBUTES })).toEqual({
    findings: [],
    images: ['a.png', 'b.png'],
  })
})

test.each([
  ['no turn', turns(), 'drops turns turns: expected a question and an answer at least, got none'],
  ['the model begins', turns(ANSWER), 'drops turns turn 1: expected human or tool, got gpt'],
  [
    'two questions',
    turns(QUESTION, QUESTION),
    'drops turns turn 2: expected gpt or function_call, got human',
  ],
  [
    'the user ends',
    turns(QUESTION, ANSWER, QUESTION),
    'drops turns turn 3: expected gpt or function_call to end the conversation, got human',
  ],
  [
    'an unknown speaker',
    turns(QUESTION, says('bot', '')),
    'drops turns turn 2: expected gpt or function_call, got bot',
  ],
  [
    'nobody speaks',
    turns(QUESTION, { value: 'Yes.' }),
    'drops turns turn 2: expected gpt or function_call, got nobody',
  ],
  [
    'a system message in the middle',
    turns(QUESTION, ANSWER, says('system', '')),
    'drops turns turn 3: expected human or tool, got system',
  ],
])('LLaMA-Factory leaves out: %s', (_name, row, said) => {
  expect(saidOf(row)).toEqual([said])
})

test.each([
  [
    'an image too few',
    { ...GOOD, images: ['a.png'] },
    'stops markers images: expected as many images as <image> (2; turn 1: 1, turn 3: 1), got 1',
  ],
  [
    'a marker of the model',
    { ...GOOD, conversations: [QUESTION, says('gpt', '<image>'), RESULT, ANSWER] },
    'stops markers images: expected as many images as <image> (3; turn 1: 1, turn 2: 1, turn 3: 1), got 2',
  ],
  [
    'no image',
    { conversations: [QUESTION, ANSWER] },
    'stops markers images: expected as many images as <image> (1; turn 1: 1), got 0',
  ],
  [
    'a video',
    turns(says('human', '<video>'), ANSWER),
    'stops markers turn 1: expected no <video>, since the row has no such file, got one',
  ],
  [
    'a call that is no JSON',
    turns(says('human', ''), says('function_call', 'crop')),
    'stops calls turn 2: expected the JSON of a call, got crop',
  ],
  [
    'a call without arguments',
    turns(says('human', ''), says('function_call', '{"name": "a"}')),
    'stops calls turn 2: expected calls with `name` and `arguments`, got {"name": "a"}',
  ],
  [
    'tools that are no list',
    { ...GOOD, tools: '{}' },
    'stops tools tools: expected the JSON text of a list of tools, got {}',
  ],
  ['no turns', { images: [] }, 'stops schema conversations: expected a list, got nothing'],
  [
    'a text that is a number',
    turns(says('human', 5), ANSWER),
    'stops schema conversations.0.value: expected a string, got 5',
  ],
  ['a row that is a list', [], 'stops schema row: expected an object, got []'],
  [
    'images that are numbers',
    { ...GOOD, images: [1, 2] },
    'stops schema images: expected a path or a list of paths, got [1,2]',
  ],
])('LLaMA-Factory stops at: %s', (_name, row, said) => {
  expect(saidOf(row)).toEqual([said])
})

test('taken, but to be looked at: empty turns, tools that say too much, a marker that shows nothing', () => {
  const long = says('tool', `<image>${'x'.repeat(10_001)}`)
  expect(
    saidOf({ ...GOOD, system: '<image>', conversations: [QUESTION, says('gpt', ' '), long, ANSWER] }),
  ).toEqual([
    'accepts markers system: expected no <image>, which stays a text there, got one',
    'accepts text turn 2: expected something to learn, got an empty text',
    'accepts text turn 3: expected at most 10000 characters of a tool, got 10008',
  ])
})

test('calls as JSON are taken, behind a thought with its line breaks only', () => {
  const row = (value: string) => turns(says('human', 'What?'), says('function_call', value))
  expect(saidOf(row(CALL_JSON))).toEqual([])
  expect(saidOf(row(`[${CALL_JSON}, ${CALL_JSON}]`))).toEqual([])
  expect(saidOf(row(`<think>\nI look.\n</think>\n\n${CALL_JSON}`))).toEqual([])
  expect(saidOf(row(`<think>I look.</think>${CALL_JSON}`))).toHaveLength(1)
})

test('a system message that comes first is no turn', () => {
  expect(saidOf({ ...GOOD, conversations: [says('system', 'Look.'), ...GOOD.conversations] })).toEqual([])
})

test('who speaks is as dataset_info.json names it; what it does not name is not known', () => {
  const attributes = attributesOf({
    formatting: 'sharegpt',
    columns: { messages: 'messages', images: 'pictures' },
    tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
  })
  const row = (role: string) => ({
    pictures: ['a.png'],
    messages: [
      { role: 'user', content: '<image>What?' },
      { role, content: 'A cat.' },
    ],
  })
  expect(saidOf(row('assistant'), attributes)).toEqual([])
  expect(saidOf(row('function_call'), attributes)).toEqual([
    'drops turns turn 2: expected assistant, got function_call',
  ])
})
