import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import type { Conversation } from '../../data/conversations/conversation.js'
import { openConversations } from '../../data/conversations/open-conversations.js'
import { readConversations } from '../../data/conversations/read-conversations.js'
import { loadSuite } from '../../data/load-suite.js'
import { openRun } from '../../store/open-run.js'
import { exportTraining, type ExportTrainingParameters } from './export-training.js'
import { runWithImages, testFolder } from './testing/run-with-images.js'

const DROPPED = {
  type: 'single-tool',
  provocation: null,
  kept: false,
  dropped: { reason: 'wrong-answer', detail: '' },
  corrected: [],
} as const

async function exported(parameters: Omit<ExportTrainingParameters, 'onProblem' | 'out'> & { out?: string }) {
  const problems: string[] = []
  const out = parameters.out ?? join(await testFolder(), 'out')
  const result = await exportTraining({
    ...parameters,
    out,
    onProblem: ({ message }) => void problems.push(message),
  })
  return { ...result, problems, out }
}

async function conversationsOf(path: string): Promise<Conversation[]> {
  const found: Conversation[] = []
  for (const file of (await openConversations(path)) ?? [])
    for await (const conversation of readConversations({ file })) found.push(conversation)
  return found
}

/** What every format keeps: who says what, and what is shown. */
function lookedAt(conversations: readonly Conversation[]) {
  return conversations.map(({ id, messages, images }) => ({
    id,
    messages,
    images: images.map((path) => basename(path)),
  }))
}

test('a run becomes a set for LLaMA-Factory: markers, images beside it by hash, system prompt, dataset_info.json', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat' }, { name: 'dog', outcome: 'wrong' }] })
  const { rows, images, leftOut, dataset, out, problems } = await exported({
    source: run,
    format: 'llamafactory',
  })
  expect({ rows, images, dataset, problems, leftOut: [...leftOut] }).toEqual({
    ...{ rows: 1, images: 2, dataset: 'codevision_sft', problems: [], leftOut: [['wrong', 1]] },
  })
  const [row] = JSON.parse(await readFile(join(out, 'codevision_sft.json'), 'utf8'))
  expect(row).toEqual({
    id: 'cat#0',
    system: 'Look before you answer.\nImage 0: 320 × 200 pixels.',
    tools: '',
    conversations: [
      { from: 'human', value: '<image>What is cat?' },
      { from: 'gpt', value: '<think>Small.</think>\n<tool_call>{"name": "code_image_tool"}</tool_call>' },
      { from: 'tool', value: '<image>Image 1 (60 × 40 pixels) is the result.' },
      { from: 'gpt', value: '<think>Again.</think>\n<tool_call>{"name": "code_image_tool"}</tool_call>' },
      { from: 'tool', value: expect.stringContaining('NameError') },
      { from: 'gpt', value: '<think>I see — “é”.</think>\n<answer>cat</answer>' },
    ],
    images: [
      expect.stringMatching(/^images\/[0-9a-f]{64}\.png$/),
      expect.stringMatching(/^images\/[0-9a-f]{64}\.png$/),
    ],
  })
  const info = JSON.parse(await readFile(join(out, 'dataset_info.json'), 'utf8'))
  expect(info.codevision_sft).toMatchObject({
    ...{ file_name: 'codevision_sft.json', formatting: 'sharegpt' },
    columns: { messages: 'conversations', images: 'images', system: 'system', tools: 'tools' },
    tags: { user_tag: 'human', assistant_tag: 'gpt', observation_tag: 'tool' },
  })
  const [file = ''] = await readdir(join(out, 'images'))
  const [copied, kept] = await Promise.all([stat(join(out, 'images', file)), stat(join(run, 'images', file))])
  expect(copied.ino).toBe(kept.ino)
})

test('messages and images are the same after jsonl, sharegpt and jsonl again', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat' }, { name: 'dog' }] })
  const first = await exported({ source: run, format: 'jsonl' })
  const second = await exported({ source: first.path, format: 'sharegpt' })
  const third = await exported({ source: second.path, format: 'jsonl' })
  const conversations = await conversationsOf(first.path)
  expect(conversations).toHaveLength(2)
  expect(conversations[0]?.messages).toHaveLength(7)
  expect(conversations[0]?.task).toMatchObject({ question: 'What is cat?', box: [10, 20, 70, 60], images: 1 })
  expect(lookedAt(await conversationsOf(second.path))).toEqual(lookedAt(conversations))
  expect(lookedAt(await conversationsOf(third.path))).toEqual(lookedAt(conversations))
  const bytes = await Promise.all(
    [first, third].map(async ({ out }) => (await readdir(join(out, 'images'))).sort()),
  )
  expect(bytes[0]).toEqual(bytes[1])
})

test('our own lines keep everything: exported once more they are the same bytes', async () => {
  const run = await runWithImages({
    samples: [{ name: 'cat', curation: { ...DROPPED, kept: true, dropped: null } }],
  })
  const first = await exported({ source: run, format: 'jsonl' })
  const second = await exported({ source: first.path, format: 'jsonl' })
  expect(await readFile(second.path, 'utf8')).toBe(await readFile(first.path, 'utf8'))
})

test('of a curated run what was kept is exported, whatever its outcome, and the reasons of the others are counted', async () => {
  const run = await runWithImages({
    samples: [
      { name: 'cat', outcome: 'wrong', curation: { ...DROPPED, kept: true, dropped: null } },
      { name: 'dog', curation: DROPPED },
      { name: 'cow', curation: DROPPED },
    ],
  })
  const { rows, leftOut } = await exported({ source: run, format: 'sharegpt' })
  expect({ rows, leftOut: [...leftOut] }).toEqual({ rows: 1, leftOut: [['wrong-answer', 2]] })
})

test('full resolution instead of the copies that the model saw', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat' }] })
  const [view, original] = await Promise.all(
    (['view', 'original'] as const).map((images) => exported({ source: run, format: 'jsonl', images })),
  )
  const [seen] = await conversationsOf(view?.path ?? '')
  const [full] = await conversationsOf(original?.path ?? '')
  expect(full?.images[0]).not.toEqual(seen?.images[0])
  expect(basename(full?.images[1] ?? '')).toEqual(basename(seen?.images[1] ?? ''))
  expect(full?.messages).toEqual(seen?.messages)
})

test('native calls stand in the text, and the tools that were described apart in a column', async () => {
  const text = (value: string) => ({ type: 'text' as const, text: value })
  const run = await runWithImages({
    config: { policy: { kind: 'openai', toolFormat: 'native' }, agent: { tools: true } },
    samples: [
      {
        name: 'cat',
        messages: [
          { role: 'user', content: [text('What?')] },
          {
            role: 'assistant',
            content: [text('I look.')],
            toolCalls: [{ id: 'a', name: 'code_image_tool', arguments: '{"code":"1","image_index":0}' }],
          },
          { role: 'tool', toolCallId: 'a', content: [text('Failed.')] },
          { role: 'assistant', content: [text('<answer>cat</answer>')] },
        ],
      },
    ],
  })
  const { path } = await exported({ source: run, format: 'sharegpt' })
  const [row] = JSON.parse(await readFile(path, 'utf8'))
  expect(row.conversations[1].value).toBe(
    'I look.\n<tool_call>\n{"name": "code_image_tool", "arguments": {"code": "1", "image_index": 0}}\n</tool_call>',
  )
  expect(JSON.parse(row.tools)).toEqual([expect.objectContaining({ name: 'code_image_tool' })])
  expect(row).not.toHaveProperty('system')
})

test('a sample that no trainer could read is told, and the others are exported', async () => {
  const text = (value: string) => ({ type: 'text' as const, text: value })
  const run = await runWithImages({
    samples: [
      { name: 'cat' },
      {
        name: 'marker',
        messages: [
          { role: 'user', content: [text('What does <image> mean in HTML?')] },
          { role: 'assistant', content: [text('<answer>nothing</answer>')] },
        ],
      },
      { name: 'unfinished', messages: [{ role: 'user', content: [text('What?')] }] },
    ],
  })
  const { rows, problems } = await exported({ source: run, format: 'sharegpt' })
  expect(rows).toBe(1)
  expect(problems).toEqual([
    `${run} sample marker#0: expected no <image> in what is written (trainers take it for the place of a file), got one in a message of the user`,
    `${run} sample unfinished#0: expected the last message to be the model's, got user`,
  ])
})

test('a row whose image is gone, and a line that is no JSON, are told by name; the other rows are taken over', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat' }, { name: 'dog' }] })
  const { path } = await exported({ source: run, format: 'jsonl' })
  const [cat = ''] = await conversationsOf(path)
  if (typeof cat === 'string') throw new Error('expected a conversation')
  await rm(cat.images[1] ?? '')
  await writeFile(path, `${await readFile(path, 'utf8')}{"half\n`)
  const { rows, problems } = await exported({ source: path, format: 'sharegpt' })
  expect(rows).toBe(1)
  expect(problems).toEqual([
    expect.stringMatching(/^cat#0: expected an image file at .*\.png; Error: ENOENT/),
    expect.stringMatching(/codevision\.jsonl line 3: expected one JSON object, got SyntaxError/),
  ])
})

test('questions of a run become rows for verl that our loader reads back as they were, each question once', async () => {
  const run = await runWithImages({
    samples: [{ name: 'cat', outcome: 'wrong' }, { name: 'cat', key: 'cat#1', epoch: 1 }, { name: 'dog' }],
  })
  const { path, rows, leftOut, images } = await exported({ source: run, format: 'verl' })
  expect({ rows, images, leftOut: [...leftOut] }).toEqual({
    rows: 2,
    images: null,
    leftOut: [['repeated', 1]],
  })
  const tasks = []
  for await (const { task } of (await loadSuite({ suite: path })).tasks()) tasks.push(task)
  expect(tasks).toEqual([
    expect.objectContaining({
      ...{ id: 'cat', question: 'What is cat?', answers: ['cat', 'CAT'], transform: 'rotate_90' },
      ...{ requiredTools: ['rotate_270', 'crop'], box: [10, 20, 70, 60] },
      metadata: expect.objectContaining({ dataset_name: 'drawn', index: 0, agent_name: 'tool_agent' }),
    }),
    expect.objectContaining({ id: 'dog' }),
  ])
  // In full resolution, not as the model saw it.
  const sample = await (await openRun({ path: run, mode: 'read' })).find('cat#0')
  expect(tasks[0]?.images.map(({ sha256 }) => sha256)).toEqual([sample?.trajectory?.images[0]?.sha256])
})

test('a foreign set becomes rows for verl by its first question and last answer', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat' }] })
  const foreign = await exported({ source: run, format: 'sharegpt' })
  const { path, problems } = await exported({ source: foreign.path, format: 'verl' })
  expect(problems).toEqual([])
  for await (const { task } of (await loadSuite({ suite: path })).tasks())
    expect(task).toMatchObject({ question: 'What is cat?', answers: ['cat'], transform: 'none', box: null })
})

test('a dataset_info.json that is there keeps what it says of other sets', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat' }] })
  const out = await testFolder()
  await writeFile(
    join(out, 'dataset_info.json'),
    JSON.stringify({ other: { file_name: 'other.json', extra: 1 } }),
  )
  await exported({ source: run, format: 'llamafactory', out, file: 'mine.jsonl' })
  const info = JSON.parse(await readFile(join(out, 'dataset_info.json'), 'utf8'))
  expect(Object.keys(info)).toEqual(['other', 'mine'])
  expect(info.other).toEqual({ file_name: 'other.json', extra: 1 })
  expect(info.mine.file_name).toBe('mine.jsonl')
})

test('what is no source, holds nothing to export, or has no conversations says so', async () => {
  const run = await runWithImages({ samples: [{ name: 'cat', outcome: 'wrong' }] })
  const fails = async (parameters: Parameters<typeof exported>[0]) => {
    const error: unknown = await exported(parameters).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }
  expect(await fails({ source: run, format: 'sharegpt' })).toMatch(
    /expected something to export, got only what does not belong to it: wrong 1 \(of an evaluation, see --outcomes\)/,
  )
  expect(await fails({ source: dirname(run), format: 'sharegpt' })).toMatch(
    /expected a run folder .* got something else/,
  )
  expect(await fails({ source: join(run, 'none'), format: 'sharegpt' })).toMatch(/got nothing there/)
  const { path } = await exported({ source: run, format: 'verl' })
  expect(await fails({ source: path, format: 'sharegpt' })).toMatch(
    /questions that nobody has answered; run them first/,
  )
  expect(await fails({ source: run, format: 'verl', file: 'rows.jsonl' })).toMatch(
    /--file: expected a name that ends with \.parquet, got rows\.jsonl/,
  )
})
