import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadSystemPrompt, loadToolDescription } from './load-prompt.js'
import { promptHash } from './prompt-hash.js'
import { DIRECT_PROMPT, SYSTEM_PROMPT } from './system-prompt.js'
import { CODE_IMAGE_TOOL } from './tool-description.js'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prompt-'))
})
afterEach(() => rm(directory, { recursive: true }))

async function file(name: string, content: string | Buffer): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, content)
  return path
}

describe('loadSystemPrompt', () => {
  test('gives the text as it stands', async () => {
    expect(await loadSystemPrompt({ path: await file('p.txt', 'Look.\n Answer.\n') })).toBe(
      'Look.\n Answer.\n',
    )
  })

  test('names a missing, an empty and a wrongly encoded file', async () => {
    await expect(loadSystemPrompt({ path: join(directory, 'no.txt') })).rejects.toThrow(
      /Cannot read .*no\.txt/,
    )
    await expect(loadSystemPrompt({ path: await file('e.txt', ' \n') })).rejects.toThrow(/e\.txt is empty/)
    const path = await file('l.txt', Buffer.from([0x47, 0xfc, 0x6e]))
    await expect(loadSystemPrompt({ path })).rejects.toThrow(/l\.txt is not UTF-8/)
  })
})

describe('loadToolDescription', () => {
  const wrapped = { type: 'function', function: CODE_IMAGE_TOOL }

  test.each([
    ['alone', CODE_IMAGE_TOOL],
    ['as a function', wrapped],
    ['as in a recipe', { tools: [{ class_name: 'x', tool_schema: wrapped }] }],
  ])('reads a description that stands %s', async (_, value) => {
    const path = await file('tool.json', JSON.stringify(value))
    expect(await loadToolDescription({ path })).toEqual(CODE_IMAGE_TOOL)
  })

  test('reads YAML', async () => {
    const path = await file(
      'tool.yaml',
      'name: t\ndescription: d\nparameters:\n  type: object\n  properties:\n    code: {type: string}\n',
    )
    expect(await loadToolDescription({ path })).toEqual({
      name: 't',
      description: 'd',
      parameters: { type: 'object', properties: { code: { type: 'string' } } },
    })
  })

  test('says what is missing', async () => {
    const path = await file(
      't.json',
      '{"name": "t", "description": "d", "parameters": {"type": "object", "properties": {}}}',
    )
    await expect(loadToolDescription({ path })).rejects.toThrow(/parameters\.properties\.code/)
    const broken = await file('b.yaml', 'a: [1')
    await expect(loadToolDescription({ path: broken })).rejects.toThrow(/b\.yaml is neither JSON nor YAML/)
  })
})

test('the hash tells prompts and tools apart', () => {
  const hashes = [
    promptHash({ prompt: SYSTEM_PROMPT, tools: [CODE_IMAGE_TOOL] }),
    promptHash({ prompt: SYSTEM_PROMPT, tools: [] }),
    promptHash({ prompt: DIRECT_PROMPT, tools: [] }),
  ]
  expect(new Set(hashes).size).toBe(3)
  expect(promptHash({ prompt: DIRECT_PROMPT, tools: [] })).toBe(hashes[2])
})
