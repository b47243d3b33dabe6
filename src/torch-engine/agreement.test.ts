import { expect } from '@jest/globals'
import type { SampledLogprobs } from '../core/trainable-policy.js'
import { openModel } from '../models/open-model.js'
import { ADAMW_DEFAULTS } from '../models/train/adamw.js'
import { createTrainer } from '../models/train/trainer.js'
import { openTfjsPolicy } from '../policies/tfjs/open-tfjs-policy.js'
import { toTrainingSegment } from '../policies/tokens/to-training-segment.js'
import { KEYS, converse, lessons, rolloutsOf } from './testing/conversations.js'
import { farthest, flat, likelihood, meanLoss } from './testing/numbers.js'
import { FAMILIES, setUpTorch, withTorch } from './testing/torch-setup.js'

const { directoryOf, open } = setUpTorch()

withTorch.each(FAMILIES)(
  '%s: the two engines agree on log-probabilities, and on the losses of 20 AdamW steps',
  async (family) => {
    const directory = directoryOf(family)
    const policy = await open({ directory, train: 'full' })
    const rollouts = await lessons(policy)
    const model = await openModel(directory)
    const segments = await Promise.all(
      rollouts.map((rollout) => toTrainingSegment({ rollout, config: model.processor })),
    )
    const trainer = createTrainer({
      ...model,
      isTrained: (name) => !name.startsWith('model.visual.'),
      optimizer: ADAMW_DEFAULTS,
    })
    const ours = await policy.logprobs({ rollouts })
    const apart = farthest(flat(ours), flat(await trainer.logprobs({ segments })))
    expect(apart).toBeLessThan(1e-4)

    const total = flat(ours).length
    const losses: { torch: number; tfjs: number }[] = []
    for (let step = 0; step < 20; step++) {
      let parts: SampledLogprobs = []
      const { gradientNorm } = await policy.step({
        rollouts,
        learningRate: 2e-3,
        maxGradientNorm: 1,
        gradient: (part) => {
          parts = part.logprobs
          return likelihood(total)(part)
        },
      })
      const theirs = trainer.backward({
        segments,
        gradient: (logprobs) => logprobs.map((own) => new Float32Array(own.length).fill(-1 / total)),
      })
      const update = await trainer.update({ learningRate: 2e-3, maxNorm: 1 })
      expect(Math.abs(gradientNorm - update.gradientNorm)).toBeLessThan(1e-3 * Math.max(1, gradientNorm))
      losses.push({ torch: meanLoss(parts), tfjs: meanLoss(theirs) })
    }
    const gap = Math.max(...losses.map(({ torch, tfjs }) => Math.abs(torch - tfjs)))
    expect(gap).toBeLessThan(1e-3)
    const [first, last] = [losses[0], losses.at(-1)].map((loss) => loss?.torch ?? NaN)
    expect(last).toBeLessThan((first ?? NaN) - 0.1)
    process.stdout.write(
      `agreement ${family}: log-probabilities of ${total} tokens within ${apart.toExponential(1)}, losses of 20 steps (${first?.toFixed(3)} to ${last?.toFixed(3)}) within ${gap.toExponential(1)}\n`,
    )
    trainer.dispose()
  },
)

withTorch.each([
  { family: 'qwen3_vl', sampling: { temperature: 1 } },
  { family: 'qwen2_5_vl', sampling: { temperature: 0.9, topP: 0.8, topK: 40 } },
])(
  '$family at $sampling: the torch engine samples what the tfjs engine samples, conversations together or alone',
  async ({ family, sampling }) => {
    const directory = directoryOf(family)
    const together = await open({ directory, ...sampling })
    const replies = await Promise.all(KEYS.map((key) => converse(together, key)))
    const alone = await open({ directory, places: 1, ...sampling })
    const tfjs = await openTfjsPolicy({ directory, seed: 3, backend: 'wasm', ...sampling })
    for (const [at, key] of KEYS.entries()) {
      expect(await converse(alone, key)).toEqual(replies[at])
      expect(await converse(tfjs, key)).toEqual(replies[at])
      const [ours, theirs] = [together, tfjs].map(
        (policy) => policy.ledgerOf({ key, epoch: 0 })?.segments ?? [],
      )
      expect(ours?.map(({ ids }) => ids)).toEqual(theirs?.map(({ ids }) => ids))
      const sampled = [ours, theirs].map((segments) => flat(segments?.map(({ logprobs }) => logprobs) ?? []))
      expect(farthest(sampled[0] ?? [], sampled[1] ?? [])).toBeLessThan(1e-3)
    }
    expect(replies.some((turns) => turns.length > 1)).toBe(true)
    expect((await together.usage()).widest).toBeGreaterThan(4)
    expect((await alone.usage()).widest).toBe(1)
    await tfjs.close()
  },
)

withTorch('what was sampled has, as it is trained, the log-probabilities it was sampled with', async () => {
  const policy = await open({ temperature: 0.7, topP: 0.9, topK: 50 })
  await Promise.all(KEYS.slice(0, 4).map((key) => converse(policy, key)))
  const rollouts = rolloutsOf(policy, KEYS.slice(0, 4))
  const recorded = rollouts.map(({ ledger }) =>
    ledger.segments.flatMap(({ logprobs, mask }) => logprobs.filter((_, at) => mask[at] === 1)),
  )
  const computed = await policy.logprobs({ rollouts, temperature: 0.7 })
  expect(computed.map(({ length }) => length)).toEqual(recorded.map(({ length }) => length))
  expect(farthest(flat(recorded), flat(computed))).toBeLessThan(1e-4)
})
