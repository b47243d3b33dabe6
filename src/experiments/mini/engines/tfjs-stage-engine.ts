import { normalisePatches } from '../../../models/processor/normalise-patches.js'
import { openBackend, type BackendName } from '../../../models/backend/open-backend.js'
import { openModel } from '../../../models/open-model.js'
import { tokenMatches } from '../../../models/token-matches.js'
import { ADAMW_DEFAULTS } from '../../../models/train/adamw.js'
import { helperCount } from '../../../models/train/parallel/helper-count.js'
import { createParallelTrainer } from '../../../models/train/parallel/parallel-trainer.js'
import { TOKENS_PER_PART } from '../../../models/train/tokens-per-part.js'
import { createTrainer } from '../../../models/train/trainer.js'
import type { TrainingSegment } from '../../../models/train/training-segment.js'
import { TRAINS_ALL } from '../../../models/train/trains.js'
import { openStageCheckpoint } from '../stage-checkpoint.js'
import { expectNone } from './expect-none.js'
import type { CutSegment, OpenStageEngine } from './stage-engine.js'

/** The engine in this process, TensorFlow.js. */
export function tfjsStageEngine(choice: BackendName | 'auto'): OpenStageEngine {
  return async ({ from, checkpoint: directory, weightDecay }) => {
    const backend = await openBackend(choice)
    const model = await openModel(from)
    const { config, processor } = model
    const optimizer = { ...ADAMW_DEFAULTS, weightDecay }
    const helpers = helperCount({ backend, config, trains: TRAINS_ALL })
    const trainer = await createParallelTrainer({
      trainer: createTrainer({ ...model, optimizer }),
      config,
      helpers,
    })
    const checkpoint = await openStageCheckpoint({ directory, model, trainer, optimizer }).catch(
      (error: unknown) => {
        trainer.dispose()
        throw error
      },
    )
    const normalised = (segments: readonly CutSegment[]): TrainingSegment[] =>
      segments.map((segment) => ({
        ...segment,
        images: segment.images.map(({ pixels, grid }) => ({
          patches: normalisePatches({ pixels, config: processor }),
          grid,
        })),
      }))
    return {
      name: backend,
      // Of other backends memory is not bounded by a heap for each thread.
      mostTokens: backend === 'wasm' ? TOKENS_PER_PART * (helpers + 1) : Infinity,
      backward: ({ segments, gradient }) =>
        Promise.resolve(trainer.backward({ segments: normalised(segments), gradient })),
      update: (given) => trainer.update(given),
      matches: (segments) =>
        tokenMatches({ segments: normalised(segments), config, weights: trainer.weights }),
      async resume() {
        if (checkpoint.isThere) return checkpoint.resume()
        await expectNone({ checkpoint: directory, engine: 'tfjs' })
        return 0
      },
      save: () => checkpoint.save(),
      close: () => Promise.resolve(trainer.dispose()),
    }
  }
}
