import { expect, test } from '@jest/globals'
import type { StepRequest, TrainingRollout } from '../../core/trainable-policy.js'
import { tinyConfig } from '../../models/testing/tiny-config.js'
import type { ShapedArray } from './arrays.js'
import { createTorchTrainer } from './torch-trainer.js'
import type { WorkerJob, WorkerAnswer, TorchWorker } from './torch-worker.js'

const PROCESSOR = {
  ...{ patchSize: 14, mergeSize: 2, temporalPatchSize: 2, minPixels: 784, maxPixels: 784 },
  ...{ scale: 1 / 255, mean: [0, 0, 0], deviation: [1, 1, 1] },
}

/** What a worker is asked, in order; each answer takes some turns of the event loop, as that of a process does. `log` holds what crosses before its job, too; `held` what crossed and was neither used nor let go of. */
function recordingWorker() {
  const methods: string[] = []
  const log: string[] = []
  const held = new Map<string, Readonly<Record<string, ShapedArray>>>()
  const answer = ({ method, arrays }: { method: string; arrays: WorkerJob['arrays'] }): WorkerAnswer => {
    const learned = Array.from(arrays?.['mask']?.values ?? []).filter((one) => one === 1).length
    return {
      result: { seconds: 0, gradientNorm: 1 },
      arrays: method === 'forward' ? { logprobs: new Float32Array(learned).fill(-1) } : {},
    }
  }
  const worker: TorchWorker = {
    async run({ method, arrays, sent, signal }) {
      try {
        signal?.throwIfAborted()
        methods.push(method)
        log.push(method)
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
        return answer({ method, arrays: sent === undefined ? arrays : held.get(sent.input) })
      } finally {
        if (sent !== undefined) held.delete(sent.input)
      }
    },
    async send(arrays) {
      const input = `part ${log.filter((line) => line.startsWith('part')).length}`
      log.push(input)
      held.set(input, arrays)
      return { input, layout: [] }
    },
    async drop({ input }) {
      held.delete(input)
    },
    close: () => Promise.resolve(),
  }
  return { methods, log, held, worker }
}

const rollout: TrainingRollout = {
  ledger: { segments: [{ ids: [1, 2, 3], mask: [0, 1, 1], logprobs: [0, -1, -1], images: [] }] },
  images: new Map(),
}
const flatGradient: StepRequest['gradient'] = ({ logprobs }) =>
  logprobs.map((own) => new Float64Array(own.length).fill(-0.5))
const request: StepRequest = { rollouts: [rollout, rollout], learningRate: 1e-3, gradient: flatGradient }
const STEP = ['forward', 'backward', 'forward', 'backward', 'update']

function open({ isTrained = true }: { isTrained?: boolean } = {}) {
  const { worker, ...recorded } = recordingWorker()
  const config = tinyConfig('qwen3_vl')
  // One rollout a part.
  const trainer = createTorchTrainer({ worker, config, processor: PROCESSOR, batchTokens: 3, isTrained })
  return { trainer, ...recorded }
}

test('steps that are asked for at the same time follow each other, and what may not be beside them waits', async () => {
  const { trainer, methods } = open()
  await Promise.all([
    trainer.step(request),
    trainer.step(request),
    trainer.betweenSteps(async () => void methods.push('load')),
    trainer.step(request),
  ])
  expect(methods).toEqual([...STEP, ...STEP, 'load', ...STEP])
})

test('a step that fails leaves its half to nobody, and the next one is taken', async () => {
  const { trainer, methods, held } = open()
  const broken = trainer.step({
    ...request,
    rollouts: [rollout, rollout, rollout],
    gradient: (part) => {
      if (part.rollouts[0] === 1) throw new RangeError('no such loss')
      return flatGradient(part)
    },
  })
  const [failed, taken] = await Promise.allSettled([broken, trainer.step(request)])
  expect(failed).toMatchObject({ status: 'rejected', reason: new RangeError('no such loss') })
  expect(taken).toEqual({ status: 'fulfilled', value: { gradientNorm: 1 } })
  expect(methods).toEqual(['forward', 'backward', 'forward', 'discard', ...STEP])
  expect(held.size).toBe(0)
})

test('a step that is aborted while it waits is not begun', async () => {
  const { trainer, methods } = open()
  const abort = new AbortController()
  const waiting = [trainer.step(request), trainer.step({ ...request, signal: abort.signal })]
  abort.abort(new Error('enough'))
  const [, aborted] = await Promise.allSettled(waiting)
  expect(aborted).toMatchObject({ status: 'rejected', reason: new Error('enough') })
  expect(methods).toEqual(STEP)
})

test('a policy that is only sampled from takes no step, and says what was expected', async () => {
  const { trainer, methods } = open({ isTrained: false })
  await expect(trainer.step(request)).rejects.toThrow('expected policy.train full or lora, got none')
  expect(methods).toEqual([])
})

test('a part crosses while the one before it is computed, and none before that', async () => {
  const { trainer, log } = open()
  const three = { ...request, rollouts: [rollout, rollout, rollout] }
  await trainer.step(three)
  const computed = ['forward', 'backward']
  expect(log).toEqual([
    ...['part 0', 'forward', 'part 1', 'backward'],
    ...['forward', 'part 2', 'backward', ...computed, 'update'],
  ])
  log.length = 0
  await trainer.logprobs(three)
  expect(log).toEqual(['part 0', 'logprobs', 'part 1', 'logprobs', 'part 2', 'logprobs'])
})
