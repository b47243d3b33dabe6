import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { StoreError, UsageError } from '../../core/errors.js'
import type { ImageRecord } from '../../core/image.js'
import type { Message } from '../../core/message.js'
import type { Sample } from '../../core/sample.js'
import type { Trajectory } from '../../core/trajectory.js'
import { openRun } from '../../store/open-run.js'
import { openScoredRun } from '../scored-run.js'
import { testSample, trajectoryOf, writeTestRun } from '../testing/samples.js'
import { exportVerifiers } from './export-verifiers.js'

const CALL = '{"name": "code_image_tool", "arguments": {"code": "result = image"}}'
const text = (said: string): Message<ImageRecord>['content'] => [{ type: 'text', text: said }]

async function exported({
  samples,
  ...how
}: { samples: readonly Sample[] } & Omit<Partial<Parameters<typeof exportVerifiers>[0]>, 'scored'>) {
  const path = await writeTestRun({
    samples,
    identity: {
      agent: { tools: ['code_image_tool'], limits: { turns: 4, tokensPerTurn: 50 } },
      settings: { policy: { kind: 'openai', temperature: 0.5, topP: 0.9 } },
    },
  })
  const folder = join(path, '../traces')
  const result = await exportVerifiers({ scored: await openScoredRun({ path }), folder, ...how })
  const lines = (await readFile(join(folder, 'traces.jsonl'), 'utf8')).trimEnd().split('\n')
  return { path, folder, result, episodes: lines.map((line) => JSON.parse(line) as Episode) }
}

interface Episode {
  id: string
  group: { id: string }
  ok: boolean
  errors: object[]
  traces: {
    nodes: { parent?: number; sampled: boolean; tools?: object[]; message: Record<string, unknown> }[]
    calls: { node: number; finish_reason: string }[]
    rewards: object
    metrics: object
    [name: string]: unknown
  }[]
}

function conversation(messages: Message<ImageRecord>[], more: Partial<Trajectory> = {}): Trajectory {
  return { ...trajectoryOf({ answer: '' }), messages, ...more }
}

test('calls in the text are told as calls, and what answers them has their names', async () => {
  const messages: Message<ImageRecord>[] = [
    { role: 'system', content: text('Look.') },
    { role: 'user', content: text('What?') },
    { role: 'assistant', content: text(`<think>a</think><tool_call>${CALL}</tool_call>`) },
    { role: 'tool', content: text('Image 1.') },
    { role: 'assistant', content: text('<think>b</think><tool_call>{"name": </tool_call>') },
    { role: 'tool', content: text('no JSON') },
    { role: 'assistant', content: text('<answer>1</answer>') },
  ]
  const { episodes } = await exported({
    samples: [testSample({ name: '1', trajectory: conversation(messages, { turns: 3 }) })],
  })
  const [trace] = episodes[0]?.traces ?? []
  expect(trace?.nodes.map(({ message }) => message)).toEqual([
    { role: 'system', content: 'Look.' },
    { role: 'user', content: 'What?' },
    {
      ...{ role: 'assistant', content: '<think>a</think>' },
      tool_calls: [
        {
          ...{ id: 'call_0_0', type: 'function', name: 'code_image_tool' },
          arguments: '{"code": "result = image"}',
        },
      ],
    },
    { role: 'tool', content: 'Image 1.', tool_call_id: 'call_0_0' },
    { role: 'assistant', content: '<think>b</think><tool_call>{"name": </tool_call>' },
    { role: 'tool', content: 'no JSON', tool_call_id: 'call_1' },
    { role: 'assistant', content: '<answer>1</answer>' },
  ])
  expect(trace?.nodes.map(({ parent, sampled }) => [parent, sampled])).toEqual([
    [undefined, false],
    ...[0, 1, 2, 3, 4, 5].map((parent) => [parent, parent % 2 === 1]),
  ])
  expect(trace?.calls).toEqual([
    { node: 2, model: 'm', finish_reason: 'tool_calls' },
    { node: 4, model: 'm', finish_reason: 'stop' },
    { node: 6, model: 'm', finish_reason: 'stop' },
  ])
  expect(trace?.nodes[0]?.tools).toEqual([expect.objectContaining({ name: 'code_image_tool' })])
  expect(trace).toMatchObject({
    agent: {
      config: { model: 'm', max_turns: 4, sampling: { temperature: 0.5, top_p: 0.9, max_tokens: 50 } },
    },
  })
})

test('native calls keep their names, and a text that was cut is a call that ended by length', async () => {
  const toolCalls = [
    { id: 'x', name: 'code_image_tool', arguments: '{}' },
    { id: 'y', name: 'other', arguments: '' },
  ]
  const messages: Message<ImageRecord>[] = [
    { role: 'user', content: text('What?') },
    { role: 'assistant', content: text('I look.'), toolCalls },
    { role: 'tool', content: text('Image 1.'), toolCallId: 'x' },
    { role: 'tool', content: text('One a turn.'), toolCallId: 'y' },
    { role: 'assistant', content: text('I s') },
  ]
  const trajectory = conversation(messages, { stop: 'truncated', turns: 2 })
  const samples = [testSample({ name: '1', outcome: 'truncated', trajectory })]
  const [trace] = (await exported({ samples })).episodes[0]?.traces ?? []
  expect(trace?.nodes[1]?.message).toEqual({
    ...{ role: 'assistant', content: 'I look.' },
    tool_calls: toolCalls.map((call) => ({ ...call, type: 'function' })),
  })
  expect(trace?.nodes.slice(2, 4).map(({ message }) => message['tool_call_id'])).toEqual(['x', 'y'])
  expect(trace?.calls.map((call) => call.finish_reason)).toEqual(['tool_calls', 'length'])
})

test('of a broken block beside a good one, and of a call in the text beside a native one, the one that ran comes first', async () => {
  const native = [{ id: 'x', name: 'code_image_tool', arguments: '{}' }]
  const messages: Message<ImageRecord>[] = [
    { role: 'user', content: text('What?') },
    { role: 'assistant', content: text(`<tool_call>{</tool_call><tool_call>${CALL}</tool_call>`) },
    { role: 'tool', content: text('Image 1.') },
    { role: 'assistant', content: text(`a<tool_call>${CALL}</tool_call>`), toolCalls: native },
    { role: 'tool', content: text('Image 2, \ud83d.') },
    { role: 'assistant', content: text('<answer>1</answer>') },
  ]
  const samples = [testSample({ name: '1', trajectory: conversation(messages, { turns: 3 }) })]
  const { episodes } = await exported({ samples })
  const said = episodes[0]?.traces[0]?.nodes.map(({ message }) => message) ?? []
  const idsOf = (one: Record<string, unknown> | undefined): string[] =>
    (one?.['tool_calls'] as { id: string }[]).map(({ id }) => id)
  expect([idsOf(said[1]), said[2]?.['tool_call_id']]).toEqual([['call_0_0'], 'call_0_0'])
  expect([idsOf(said[3]), said[4]?.['tool_call_id']]).toEqual([['call_1_0', 'x'], 'call_1_0'])
  expect(said[4]?.['content']).toBe('Image 2, \ufffd.')
})

test('rewards are the reward where there is one, else the accuracy; partial credit is kept', async () => {
  const reward = { total: 1.35, parts: { r_acc: 1, r_fmt: 1 }, reasons: ['right'] }
  const { episodes } = await exported({
    samples: [
      testSample({ name: '1', reward }),
      testSample({ name: '2', outcome: 'wrong', score: { value: 0.4 } }),
    ],
  })
  const traces = episodes.flatMap((episode) => episode.traces)
  expect(traces.map(({ rewards }) => rewards)).toEqual([
    { reward: { score: 1.35, weight: 1 } },
    { strict: { score: 0.4, weight: 1 } },
  ])
  expect(traces.map(({ metrics }) => metrics)).toEqual([
    { strict: 1, turns: 1, tool_calls: 0, tool_errors: 0, 'reward/r_acc': 1, 'reward/r_fmt': 1 },
    { strict: 0.4, turns: 1, tool_calls: 0, tool_errors: 0 },
  ])
})

test('epochs are rollouts of one group; what the machine did wrong is an error without a trace', async () => {
  const error = { name: 'ModelError', message: 'no answer' }
  const samples = [
    testSample({ name: '1' }),
    { ...testSample({ name: '1', epoch: 1, outcome: 'model-error' }), trajectory: null, scores: {}, error },
    testSample({ name: '2', transform: 'rotate_90' }),
  ]
  const all = await exported({ samples })
  expect(all.result).toEqual({ episodes: 3, failed: 1, otherEpochs: 0 })
  expect(
    all.episodes.map(({ id, group, ok, errors, traces }) => [id, group.id, ok, errors, traces.length]),
  ).toEqual([
    ['run/1#0', '1', true, [], 1],
    ['run/1#1', '1', false, [{ type: 'ModelError', message: 'no answer' }], 0],
    ['run/2#0', '2', true, [], 1],
  ])
  const first = await exported({ samples, epoch: 0, transform: 'none' })
  expect(first.result).toEqual({ episodes: 1, failed: 0, otherEpochs: 1 })
})

test('what failed is told by the scoring that is exported: a judge may have failed in the other one alone', async () => {
  const error = { name: 'JudgeError', message: 'no verdict' }
  const path = await writeTestRun({
    samples: [
      { ...testSample({ name: '1', outcome: 'judge-error' }), scores: {}, error },
      testSample({ name: '2' }),
    ],
  })
  const run = await openRun({ path, mode: 'append' })
  const score = { profile: 'codevision', answer: '1', correct: true, rule: 'equal', judge: null }
  await run.writeLines('scores.codevision.jsonl', [
    { key: '1#0', outcome: 'correct', score },
    { key: '2#0', outcome: 'judge-error', score: null },
  ])
  await run.writeJson('summary.codevision.json', { judge: 'm', judgeReading: 'exact' })
  await run.close()
  const told = async (profile: string | null): Promise<unknown[]> => {
    const folder = join(path, `../${profile}`)
    const result = await exportVerifiers({ scored: await openScoredRun({ path, profile }), folder })
    const lines = (await readFile(join(folder, 'traces.jsonl'), 'utf8')).trimEnd().split('\n')
    const episodes = lines.map((line) => JSON.parse(line) as Episode)
    return [result.failed, ...episodes.map(({ ok, errors, traces }) => [ok, errors, traces[0]?.ok])]
  }
  expect(await told(null)).toEqual([
    1,
    [false, [{ type: 'JudgeError', message: 'no verdict' }], false],
    [true, [], true],
  ])
  expect(await told('codevision')).toEqual([
    1,
    [true, [], true],
    [false, [{ type: 'JudgeError', message: 'The judge of this scoring gave no verdict.' }], false],
  ])
})

test('images are those that the model saw, byte for byte; one that is gone ends it, and leaves nothing', async () => {
  const data = await sharp({ create: { width: 3, height: 2, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
  const path = await writeTestRun({ samples: [] })
  const run = await openRun({ path, mode: 'append' })
  const image = { sha256: createHash('sha256').update(data).digest('hex'), width: 3, height: 2 }
  await run.images.put({ sha256: image.sha256, png: () => Promise.resolve(data) })
  const seen = (one: ImageRecord): Sample =>
    testSample({
      name: one.sha256.slice(0, 4),
      trajectory: conversation([
        { role: 'user', content: [{ type: 'image', index: 0, image: one }, ...text('What?')] },
        { role: 'assistant', content: text('<answer>1</answer>') },
      ]),
    })
  await run.append(seen(image))
  await run.close()
  const folder = join(path, '../traces')
  const written = { scored: await openScoredRun({ path }), folder }
  await exportVerifiers(written)
  const [episode] = [JSON.parse(await readFile(join(folder, 'traces.jsonl'), 'utf8')) as Episode]
  expect(episode.traces[0]?.nodes[0]?.message['content']).toEqual([
    { type: 'image_url', image_url: { url: `data:image/png;base64,${data.toString('base64')}` } },
    { type: 'text', text: 'What?' },
  ])
  await expect(exportVerifiers(written)).rejects.toThrow('expected no run of verifiers there, got one')

  const again = await openRun({ path, mode: 'append' })
  await again.append(seen({ ...image, sha256: 'f'.repeat(64) }))
  await again.close()
  const other = join(path, '../other')
  const failing = exportVerifiers({ scored: await openScoredRun({ path }), folder: other })
  await expect(failing).rejects.toBeInstanceOf(StoreError)
  expect(await readdir(join(path, '..'))).not.toContain('other')
})

test('a run without samples of what was asked for is refused, and the folder that was there stays', async () => {
  const path = await writeTestRun({ samples: [testSample({ name: '1' })] })
  const folder = join(path, '../traces')
  await mkdir(folder)
  const scored = await openScoredRun({ path })
  const failing = exportVerifiers({ scored, folder, epoch: 3, transform: 'rotate_90' })
  await expect(failing).rejects.toThrow('expected samples of epoch 3 of transformation rotate_90, got none')
  await expect(failing).rejects.toBeInstanceOf(UsageError)
  expect(await readdir(folder)).toEqual([])
})
