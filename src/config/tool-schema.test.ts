import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { loadEvaluationConfig } from './evaluation-config.js'
import { readTools } from './read-tools.js'
import { toolHeaders } from './tool-headers.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-tools-'))
afterAll(() => rm(folder, { recursive: true }))

async function yaml(text: string): Promise<string> {
  const path = join(folder, `${Math.random()}.yaml`)
  await writeFile(path, text)
  return path
}

const DETECT = `
- name: detect
  kind: http
  url: https://vision.example/detect
  headers: { Authorization: VISION_AUTHORIZATION }
  parameters:
    image: image
    what: { type: choice, choices: [person, sign] }
    threshold: { type: number, optional: true }
  result: boxes
  maxCalls: 3
`

describe('a list of tools', () => {
  test('is read with its defaults, parameters in their order', async () => {
    const tools = await readTools(await yaml(`${DETECT}- { name: ocr, kind: builtin, builtin: ocr }\n`))
    expect(tools).toMatchObject([
      {
        ...{ name: 'detect', kind: 'http', method: 'POST', result: 'boxes', timeoutSeconds: 5 },
        ...{ maxCalls: 3, maxPerMinute: 600, maxBytes: 64 * 2 ** 20 },
      },
      { name: 'ocr', kind: 'builtin', workers: 1 },
    ])
    expect(tools[0]?.kind === 'http' && Object.entries(tools[0].parameters)).toMatchObject([
      ['image', { type: 'image', optional: false }],
      ['what', { type: 'choice', choices: ['person', 'sign'] }],
      ['threshold', { type: 'number', optional: true }],
    ])
  })

  test.each([
    ['maxCalls: 3', 'maxCall: 3', 'did you mean `maxCalls`?'],
    ['url: https://vision.example/detect', 'url: ftp://vision.example', '`[0].url`'],
    [
      'url: https://vision.example/detect',
      'url: https://user:secret@vision.example',
      'no user and password in the address',
    ],
    ['url: https://vision.example/detect', 'url: here', '`[0].url`'],
    ['name: detect', 'name: Detect', 'a letter first'],
    ['name: detect', 'name: import', 'no keyword of Python'],
    ['image: image', 'is: image', 'no keyword of Python'],
    ['result: boxes', 'result: list', '`[0].result`'],
    ['maxCalls: 3', 'method: GET', 'expected POST or PUT'],
    ['kind: http', 'kind: command', '`[0].kind`'],
    ['Authorization: VISION_AUTHORIZATION', 'Authorization: Bearer abc', 'headers'],
  ])('with `%s` put as `%s` is refused with its line', async (right, wrong, words) => {
    const failure = readTools(await yaml(DETECT.replace(right, wrong)))
    await expect(failure).rejects.toThrow(/\.yaml line \d+: /)
    await expect(failure).rejects.toThrow(words)
  })

  test('that says a name twice is refused', async () => {
    await expect(readTools(await yaml(DETECT + DETECT))).rejects.toThrow('each name once')
  })

  test('of more than 32 is refused by their number alone', async () => {
    const list = (count: number): string =>
      Array.from({ length: count }, (_, at) => `- { name: t${at}, kind: builtin, builtin: ocr }\n`).join('')
    expect(await readTools(await yaml(list(32)))).toHaveLength(32)
    await expect(readTools(await yaml(list(33)))).rejects.toThrow(
      /the whole value: expected at most 32 items, got 33$/,
    )
  })

  test('with a description that is too long is told its bound', async () => {
    const text = DETECT.replace('maxCalls: 3', `description: ${'x'.repeat(1_001)}`)
    await expect(readTools(await yaml(text))).rejects.toThrow(
      /`\[0\]\.description`: expected at most 1000 characters, got "x{76}…$/,
    )
  })

  test('stands in a configuration under sandbox.tools, and not beside the profile release', async () => {
    const tools = `tools: [{ name: ocr, kind: builtin, builtin: ocr }]`
    const text = (profile: string): string =>
      `data: rows.parquet\njudge: none\nsandbox: { profile: ${profile}, ${tools} }\nagent: { describeTools: true }\n`
    const config = await loadEvaluationConfig({ path: await yaml(text('standard')), environment: {} })
    expect(config.sandbox.tools.map(({ name }) => name)).toEqual(['ocr'])
    expect(config.agent.describeTools).toBe(true)
    const refused = loadEvaluationConfig({ path: await yaml(text('release')), environment: {} })
    await expect(refused).rejects.toThrow('expected none under profile release')
  })
})

describe('toolHeaders', () => {
  const tool = { name: 'detect', headers: { Authorization: 'VISION_AUTHORIZATION' } }

  test('takes the values from the environment', () => {
    expect(toolHeaders(tool, { VISION_AUTHORIZATION: ' Bearer x ' })).toEqual({ Authorization: 'Bearer x' })
  })

  test.each(['Bearer käse → brot', 'Bearer a\nX-Other: b'])(
    'refuses a value that no header carries: %j',
    (value) => {
      const read = (): unknown => toolHeaders(tool, { VISION_AUTHORIZATION: value })
      expect(read).toThrow('expected a value that a header can carry')
      expect(read).not.toThrow('Bearer')
    },
  )

  test('names a variable that is not set', () => {
    expect(() => toolHeaders(tool, {})).toThrow('environment variable VISION_AUTHORIZATION, which is not set')
  })
})
