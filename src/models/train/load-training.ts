import { join } from 'node:path'
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core'
import { isThere } from '../../config/is-there.js'
import { UsageError } from '../../core/errors.js'
import { openCheckpoint } from '../checkpoint/open-checkpoint.js'
import { openSafetensors } from '../checkpoint/open-safetensors.js'
import type { ModelConfig } from '../config/model-config.js'
import { readModelConfig } from '../config/read-config.js'
import { readAdapter } from '../lora/read-adapter.js'
import { readJsonFile } from '../read-json-file.js'
import { loadWeights } from '../weights/load-weights.js'
import type { Moments } from './adamw.js'
import type { Trainer } from './trainer.js'
import {
  ADAPTER_FOLDER,
  MOMENTS_FILE,
  STATE_FILE,
  TRAINER_FOLDER,
  trainingStateSchema,
  type TrainingState,
} from './training-state.js'

/**
 * Give a trainer the weights, moments and steps of a checkpoint that `saveTraining` wrote, so that it goes on with the same next step; gives the checkpoint's state. Everything is read before
 * anything changes.
 * @throws UsageError when the folder is of another model, or of a training of something else, with other settings or from other weights.
 */
export async function loadTraining({
  directory,
  config,
  trainer,
  expected,
}: {
  directory: string
  config: ModelConfig
  trainer: Trainer
  /** How the trainer was made. */
  expected: Pick<TrainingState, 'trains' | 'optimizer' | 'base'>
}): Promise<TrainingState> {
  await checkModel({ directory, config })
  const state = await readJsonFile({ path: join(directory, STATE_FILE), schema: trainingStateSchema })
  checkState({
    directory,
    state,
    expected,
    isAllTrained: trainer.trained.length === trainer.weights.names.length,
  })
  const values = await readTrained({ directory, config, trainer, state })
  const lost = trainer.trained.find(
    (name) => values.get(name)?.shape.join() !== trainer.weights.get(name).shape.join(),
  )
  if (lost !== undefined || values.size !== trainer.trained.length) {
    dispose([...values.values()])
    throw new UsageError(
      `${directory}: expected the ${trainer.trained.length} parameters that are trained, got ${values.size}${lost === undefined ? '' : `, without ${lost} or with it in another shape`}; the checkpoint is not whole`,
    )
  }
  let moments: Map<string, Moments>
  try {
    moments = await readMoments({ path: join(directory, MOMENTS_FILE), trainer })
  } catch (cause) {
    dispose([...values.values()])
    throw cause
  }
  trainer.discard()
  for (const [name, value] of values) trainer.assign({ name, value })
  trainer.optimizer.restore({ steps: state.steps, moments })
  return state
}

async function checkModel({ directory, config }: { directory: string; config: ModelConfig }): Promise<void> {
  const found = await readModelConfig(directory)
  if (JSON.stringify(found) === JSON.stringify(config)) return
  const differing = (['text', 'vision', 'tokens', 'tiesEmbeddings'] as const).filter(
    (part) => JSON.stringify(found[part]) !== JSON.stringify(config[part]),
  )
  throw new UsageError(
    `${directory}: expected a checkpoint of the model that is open (${config.family}), got ${found.family === config.family ? `one of another size or with other settings (${differing.join(', ')} of config.json)` : `a ${found.family}`}. Open that model, or load a checkpoint of this one.`,
  )
}

/** Parameters that are frozen are in no checkpoint's trainer state: they must be there already. */
function checkState({
  directory,
  state,
  expected,
  isAllTrained,
}: {
  directory: string
  state: TrainingState
  expected: Pick<TrainingState, 'trains' | 'optimizer' | 'base'>
  isAllTrained: boolean
}): void {
  const differing = (['trains', 'optimizer'] as const).find(
    (part) => JSON.stringify(sorted(state[part])) !== JSON.stringify(sorted(expected[part])),
  )
  if (differing !== undefined)
    throw new UsageError(
      `${directory}: expected a training with ${differing} ${JSON.stringify(expected[differing])}, got ${JSON.stringify(state[differing])}. Open the model with what the checkpoint was trained with, or open the checkpoint as a model of its own and begin anew.`,
    )
  if (!isAllTrained && state.base !== expected.base)
    throw new UsageError(
      `${directory}: expected a training from the weights that are open (SHA-256 ${expected.base.slice(0, 12)}…), got one from others (${state.base.slice(0, 12)}…): what is frozen would be another. Open the checkpoint that it began from.`,
    )
}

/** With keys and lists in order. */
function sorted(value: object): unknown {
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]: [string, unknown]) => [key, Array.isArray(entry) ? [...entry].sort() : entry])
}

async function readTrained({
  directory,
  config,
  trainer,
  state,
}: {
  directory: string
  config: ModelConfig
  trainer: Trainer
  state: TrainingState
}): Promise<ReadonlyMap<string, Tensor>> {
  if (state.trains.kind === 'lora')
    return (await readAdapter({ directory: join(directory, ADAPTER_FOLDER), config })).tensors
  const exact = join(directory, TRAINER_FOLDER)
  const hasOwn = await isThere(join(exact, 'model.safetensors'))
  const checkpoint = await openCheckpoint(hasOwn ? exact : directory)
  try {
    const trained = new Set(trainer.trained)
    const loaded = await loadWeights({ checkpoint, config, isWanted: (name) => trained.has(name) })
    return new Map(loaded.names.map((name) => [name, loaded.take(name)]))
  } finally {
    await checkpoint.close()
  }
}

async function readMoments({
  path,
  trainer,
}: {
  path: string
  trainer: Trainer
}): Promise<Map<string, Moments>> {
  const file = await openSafetensors(path)
  const held = new Map<string, Moments>()
  try {
    for (const name of trainer.trained) {
      const { shape } = trainer.weights.get(name)
      const places = [`${name}.first`, `${name}.second`, `${name}.steps`].map((own) => file.tensors.get(own))
      // What no loss has reached so far has none.
      if (places.every((place) => place === undefined)) continue
      if (places.some((place, at) => place?.shape.join() !== (at < 2 ? shape.join() : '1')))
        throw new UsageError(
          `${path}: expected both moments of ${name} as [${shape.join(', ')}] and its steps as [1], got ${places.map((place) => (place === undefined ? 'none' : `[${place.shape.join(', ')}]`)).join(', ')}`,
        )
      held.set(name, {
        first: tensor(await file.read(`${name}.first`), shape),
        second: tensor(await file.read(`${name}.second`), shape),
        steps: (await file.read(`${name}.steps`))[0] ?? 0,
      })
    }
    return held
  } catch (cause) {
    for (const { first, second } of held.values()) dispose([first, second])
    throw cause
  } finally {
    await file.close()
  }
}
