import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { UsageError } from '../../../core/errors.js'
import { openConversations } from '../open-conversations.js'
import { checkConversations } from './check-conversations.js'
import { describeConversationFinding } from './conversation-finding.js'

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

const row = (image: string) => ({
  conversations: [
    { from: 'human', value: '<image>What?' },
    { from: 'gpt', value: 'A cat.' },
  ],
  images: [image],
})

async function checked(name: string, text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'codevision-conversations-'))
  folders.push(folder)
  await mkdir(join(folder, 'images'))
  const png = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await writeFile(join(folder, 'images/right.png'), png)
  await writeFile(join(folder, 'images/cut.png'), png.subarray(0, 60))
  const path = join(folder, name)
  await writeFile(path, text)
  const files = await openConversations(path)
  if (files === null) throw new Error('expected conversations')
  const lines: string[] = []
  const report = await checkConversations({
    files,
    onFinding: (finding) => void lines.push(describeConversationFinding(finding).replace(folder, '')),
  })
  return { report, lines }
}

test('every row is looked at, its images decoded, and a line says what is wrong and what comes of it', async () => {
  const rows = [
    row('images/right.png'),
    row('images/none.png'),
    row('images/cut.png'),
    { conversations: [] },
    row('images/right.png'),
  ]
  const { report, lines } = await checked('set.json', JSON.stringify(rows))
  expect(report).toEqual({ rows: 5, images: 3, effects: { stops: 2, drops: 1, accepts: 0 }, findings: 3 })
  expect(lines).toEqual([
    '/set.json row 2: images: image 1: expected an image file at images/none.png, got none there that can be read (LLaMA-Factory stops at this row)',
    expect.stringMatching(
      /^\/set\.json row 3: images: image 1: expected an image file at images\/cut\.png, got 60 bytes that cannot be decoded \(.*\) \(LLaMA-Factory stops at this row\)$/,
    ),
    '/set.json row 4: turns: turns: expected a question and an answer at least, got none (LLaMA-Factory leaves this row out)',
  ])
})

test('of lines, one that is no JSON is a finding, and those behind it are looked at', async () => {
  const lines = [
    '',
    JSON.stringify(row('images/right.png')),
    '{"conv',
    JSON.stringify(row('images/none.png')),
  ]
  const { report, lines: said } = await checked('set.jsonl', lines.join('\n'))
  expect(report).toMatchObject({ rows: 3, effects: { stops: 2 } })
  expect(said[0]).toMatch(/^\/set\.jsonl line 3: schema: row: expected one JSON object, got .*SyntaxError/)
  expect(said[1]).toMatch(/^\/set\.jsonl line 4: images:/)
})

test('our own lines are looked at as what they are exported to', async () => {
  const line = {
    ...{ schemaVersion: 1, id: 'a', images: [], tools: null, task: null, curation: null },
    messages: [{ role: 'assistant', content: [{ type: 'text', text: 'A cat.' }] }],
  }
  const shown = { ...line, messages: [{ role: 'user', content: [{ type: 'image', index: 0 }] }] }
  const { lines } = await checked('lines.jsonl', `${JSON.stringify(line)}\n${JSON.stringify(shown)}\n`)
  expect(lines).toEqual([
    '/lines.jsonl line 1: turns: turn 1: expected human or tool, got gpt (LLaMA-Factory leaves this row out)',
    '/lines.jsonl line 2: schema: row: expected a conversation, got expected messages that show the 0 images in order, got [0] (LLaMA-Factory stops at this row)',
  ])
})

test('a file that is no list of rows says where it stops being one', async () => {
  const error: unknown = await checked('set.json', '[{"conversations": []}, {"conv').catch(
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(UsageError)
  expect((error as UsageError).message).toMatch(
    /expected a JSON list of rows .* got something else behind row 1/,
  )
  const other: unknown = await checked('set.json', '{"a": 1}').catch((cause: unknown) => cause)
  expect((other as UsageError).message).toMatch(/expected a JSON list of rows/)
})
