import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Policy, PolicyRequest } from '../../core/policy.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { readModelFiles } from '../../models/model-files.js'
import { writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import type { EngineFacts } from './engine-facts.js'
import { createTorchPolicy } from './torch-policy.js'
import type { TorchWorker } from './torch-worker.js'
import type { TurnSampler } from './turn-sampler.js'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'torch-policy-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

/** A policy over a sampler that writes as much as it may. */
async function open(asked: number[]): Promise<Policy> {
  const sampler: TurnSampler = {
    ...{ isElsewhere: false, version: 0, losses: 0 },
    sample({ conversation, maxTokens }) {
      conversation.take()
      asked.push(maxTokens)
      const tokens = Array.from({ length: maxTokens }, () => ({ id: 65, logprob: -1 }))
      return Promise.resolve({ tokens, finish: 'length' })
    },
    weightsChanged: () => undefined,
    close: () => Promise.resolve(),
  }
  return createTorchPolicy({
    // Nothing is asked of an engine to write a turn.
    worker: {} as TorchWorker,
    facts: {} as EngineFacts,
    model: await readModelFiles(directory),
    name: 'tiny',
    sampler,
    stopIds: new Set(),
    ...{ seed: 0, turnTokens: 40, contextTokens: 4096, keptLedgers: 8, batchTokens: 64, isTrained: false },
  })
}

function request(rest: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    messages: [{ role: 'user', content: [{ type: 'text', text: 'How many?' }] }],
    tools: [],
    sample: { key: 'k', epoch: 0 },
    turn: 0,
    signal: new AbortController().signal,
    ...rest,
  }
}

test('prompt and turn together end at the limit of the conversation', async () => {
  const asked: number[] = []
  const policy = await open(asked)
  const { usage } = await policy.next(request())
  const { promptTokens } = usage
  await policy.next(request({ maxTotalTokens: promptTokens + 7 }))
  await policy.next(request({ maxTotalTokens: promptTokens + 7, maxTokens: 3 }))
  expect(asked).toEqual([40, 7, 3])
  await expect(policy.next(request({ maxTotalTokens: promptTokens }))).rejects.toMatchObject({
    isContextFull: true,
  })
})
