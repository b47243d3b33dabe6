import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { rollout, type RolloutResult } from './agent/rollout.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import { textOf } from './core/message.js'
import type { Sandbox } from './core/sandbox.js'
import type { Task } from './core/task.js'
import { openBackend } from './models/backend/open-backend.js'
import { loadTokenizer, type Tokenizer } from './models/tokenizer/load-tokenizer.js'
import { writeTinyCheckpoint } from './models/testing/tiny-checkpoint.js'
import { openTfjsPolicy } from './policies/tfjs/open-tfjs-policy.js'
import type { TfjsPolicy } from './policies/tfjs/tfjs-policy.js'
import { createSandbox } from './wiring.js'

/** A model of random weights that leans to calls, the agent, the real sandbox. */
const ROLLOUTS = 8

let folder: string
let sandbox: Sandbox
let policy: TfjsPolicy
let tokenizer: Tokenizer
let task: Task

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tfjs-rollout-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: folder, contextTokens: 8192 })
  policy = await openTfjsPolicy({ directory: folder, temperature: 1, seed: 5 })
  tokenizer = await loadTokenizer(folder)
  sandbox = await createSandbox()
  const bytes = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#336699' } })
    .png()
    .toBuffer()
  task = {
    key: 'sign',
    id: 'sign',
    suite: 'tiny',
    question: 'What does the sign say?',
    images: [{ sha256: 'sign', read: () => Promise.resolve(bytes) }],
    answers: ['STOP'],
    transform: 'none',
    requiredTools: null,
    box: null,
    metadata: {},
  }
})
afterAll(async () => {
  await policy.close()
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

const roll = (epoch: number): Promise<RolloutResult> =>
  rollout({
    task,
    epoch,
    policy,
    sandbox,
    prompt: 'Look.',
    tools: [CODE_IMAGE_TOOL],
    view: { minPixels: 256, maxPixels: 1024 },
    limits: { turns: 4, tokensPerTurn: 60 },
  })

test('rollouts call the sandbox, see what it made, and go on; their ledgers say the same as their trajectories', async () => {
  const results = await Promise.all(Array.from({ length: ROLLOUTS }, (_, epoch) => roll(epoch)))
  const trajectories = results.map(({ trajectory }) => trajectory)
  const executions = trajectories.flatMap(({ calls }) => calls.map(({ execution }) => execution.status))
  expect(new Set(executions)).toEqual(new Set(['ok', 'error']))
  expect(Math.max(...trajectories.map(({ turns }) => turns))).toBeGreaterThan(2)
  expect(policy.tally).toMatchObject({ restarted: 0, restored: 0 })
  expect(policy.tally.continued).toBe(trajectories.reduce((sum, { turns }) => sum + turns - 1, 0))

  for (const [epoch, { trajectory, images }] of results.entries()) {
    const ledger = policy.ledgerOf({ key: task.key, epoch })
    if (ledger === null) throw new Error(`expected a ledger of epoch ${epoch}`)
    const sampled = ledger.segments.filter(({ mask }) => mask[0] === 1)
    const said = sampled.map(({ ids }) =>
      tokenizer.decode(ids).replace(/(<\|im_end\|>|<\|endoftext\|>)$/, ''),
    )
    expect(said).toEqual(
      trajectory.messages.filter(({ role }) => role === 'assistant').map((message) => textOf(message)),
    )
    const shown = trajectory.messages.flatMap(({ content }) => content.filter(({ type }) => type === 'image'))
    const seen = ledger.segments.flatMap((segment) => segment.images)
    expect(seen.length).toBe(shown.length)
    for (const { sha256 } of seen) expect(images.has(sha256)).toBe(true)
    expect(sampled.reduce((sum, { ids }) => sum + ids.length, 0)).toBe(trajectory.usage.completionTokens)
  }
})

test('the same sample alone is the same trajectory', async () => {
  const [first] = await Promise.all(Array.from({ length: 3 }, (_, epoch) => roll(epoch)))
  const again = await roll(0)
  const told = ({ trajectory }: RolloutResult) => trajectory.messages.map((message) => textOf(message))
  expect(told(again)).toEqual(told(first as RolloutResult))
})
