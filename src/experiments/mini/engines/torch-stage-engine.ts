import { TrainingError } from '../../../core/errors.js'
import { readModelFiles } from '../../../models/model-files.js'
import { ADAMW_DEFAULTS } from '../../../models/train/adamw.js'
import { learnedTokens } from '../../../models/train/training-segment.js'
import { backPropagate } from '../../../policies/torch/back-propagate.js'
import { dealt } from '../../../policies/torch/dealt.js'
import { loadCheckpoint, saveCheckpoint } from '../../../policies/torch/keep-checkpoint.js'
import { openTorchEngine } from '../../../policies/torch/open-torch-engine.js'
import { sequenceArrays } from '../../../policies/torch/sequence-arrays.js'
import type { TorchPython } from '../../../policies/torch/torch-python.js'
import { torchSteps } from '../../../policies/torch/torch-steps.js'
import { updated } from '../../../policies/torch/worker-results.js'
import { expectNone } from './expect-none.js'
import type { OpenStageEngine } from './stage-engine.js'

/** Padded tokens of prompts that are read at once: none are, but the engine wants to know. */
const PROMPT_TOKENS = 1024

/** PyTorch, on a GPU where there is one, in float32: what such a model takes is the time of its many small operations, not their width. */
export function torchStageEngine({
  python,
  environment,
}: {
  python: TorchPython
  /** Of the engine's process. */
  environment: Readonly<Record<string, string>>
}): OpenStageEngine {
  return async ({ from, checkpoint: directory, weightDecay }) => {
    const { config, processor } = await readModelFiles(from)
    const { worker, facts } = await openTorchEngine({
      python,
      environment,
      directory: from,
      settings: {
        ...{ device: 'auto', dtype: 'float32', train: 'full', freezeVision: false, checkpointing: false },
        optimizer: { ...ADAMW_DEFAULTS, weightDecay },
      },
      places: 1,
      promptTokens: PROMPT_TOKENS,
      seed: 0,
      memory: { atOnce: ['samplesAtOnce'], images: null, turnTokens: null, adapters: null },
    })
    return {
      name: `torch (${facts.device})`,
      mostTokens: Infinity,
      async backward({ segments, gradient }) {
        const { logprobs } = await backPropagate({
          worker,
          sent: await worker.send(sequenceArrays({ segments, config, processor })),
          counts: learnedTokens(segments).counts,
          gradient,
        })
        return logprobs
      },
      async update(given) {
        const { gradientNorm } = updated.parse(
          (await worker.run({ method: 'update', arguments: given })).result,
        )
        if (Number.isFinite(gradientNorm)) return { gradientNorm }
        throw new TrainingError(
          'expected a finite gradient, got one that is not; the weights were left as they are. Begin the stage anew with a lower learning rate (another --output), or look at what the last steps were trained on.',
        )
      },
      async matches(segments) {
        const arrays = sequenceArrays({ segments, config, processor })
        const answer = await worker.run({ method: 'matches', arrays })
        const { counts } = learnedTokens(segments)
        return dealt({ values: answer.arrays['matches'], counts }).map((own) => Array.from(own, Boolean))
      },
      async resume() {
        const steps = await torchSteps(directory)
        if (steps === null) {
          await expectNone({ checkpoint: directory, engine: 'torch' })
          return 0
        }
        await loadCheckpoint({ worker, directory, into: from })
        return steps
      },
      save: () => saveCheckpoint({ worker, directory, from }),
      close: () => worker.close(),
    }
  }
}
