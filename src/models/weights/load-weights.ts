import { dispose, tensor, transpose, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'
import { UsageError } from '../../core/errors.js'
import type { Checkpoint } from '../checkpoint/open-checkpoint.js'
import type { ModelConfig } from '../config/model-config.js'
import type { ModelWeights } from './model-weights.js'
import { parameterShapes } from './parameter-shapes.js'

/** Parameters held as tensors. */
export interface LoadedWeights extends ModelWeights {
  /** In the order in which they are computed with. */
  readonly names: readonly string[]
  /** Give a parameter up: it is the caller's from now on. @throws RangeError when there is none of the name. */
  take(name: string): Tensor
  dispose(): void
}

/** Names that are listed in an error. */
const LISTED = 3

/**
 * Put the parameters of a model into tensors, those of linear layers transposed; only those that `isWanted` names.
 * @throws UsageError when the checkpoint lacks some, or has some of another shape than its configuration says, before any is read.
 */
export async function loadWeights({
  checkpoint,
  config,
  isWanted = () => true,
}: {
  checkpoint: Pick<Checkpoint, 'parameters' | 'read'>
  config: ModelConfig
  isWanted?: (name: string) => boolean
}): Promise<LoadedWeights> {
  const shapes = parameterShapes(config)
  checkShapes({ checkpoint, shapes })
  const held = new Map<string, Tensor>()
  for (const [name, shape] of [...shapes].filter(([name]) => isWanted(name)))
    held.set(name, laidOut({ name, stored: tensor(await checkpoint.read(name), matrixShape(shape)) }))
  return heldWeights({ held })
}

/** Weights over tensors that lie as they must; disposing of the weights disposes of them. */
export function heldWeights({
  held,
  adapterScale = 1,
}: {
  held: Map<string, Tensor>
  adapterScale?: number
}): LoadedWeights {
  const get = (name: string): Tensor => {
    const found = held.get(name)
    if (found === undefined) throw new RangeError(`expected the parameter ${name}, got none`)
    return found
  }
  return {
    adapterScale,
    names: [...held.keys()],
    get,
    find: (name) => held.get(name) ?? null,
    take(name) {
      const found = get(name)
      held.delete(name)
      return found
    },
    dispose: () => {
      dispose([...held.values()])
      held.clear()
    },
  }
}

function checkShapes({
  checkpoint: { parameters },
  shapes,
}: {
  checkpoint: Pick<Checkpoint, 'parameters'>
  shapes: ReadonlyMap<string, readonly number[]>
}): void {
  const missing = [...shapes.keys()].filter((name) => !parameters.has(name))
  if (missing.length > 0)
    throw new UsageError(
      `expected a checkpoint with ${shapes.size} parameters, got one without ${missing.length} of them: ${missing.slice(0, LISTED).join(', ')}${missing.length > LISTED ? ' …' : ''}`,
    )
  for (const [name, shape] of shapes) {
    const stored = parameters.get(name)?.shape ?? []
    if (stored.join() !== shape.join())
      throw new UsageError(
        `parameter ${name}: expected [${shape.join(', ')}] by config.json, got [${stored.join(', ')}]`,
      )
  }
}

/** The patch embedding is a convolution whose kernel covers a patch: a matrix. */
function matrixShape([out = 1, ...rest]: readonly number[]): number[] {
  return rest.length < 2 ? [out, ...rest] : [out, rest.reduce((product, side) => product * side, 1)]
}

function laidOut({ name, stored }: { name: string; stored: Tensor }): Tensor {
  if (!isLinear({ name, shape: stored.shape })) return stored
  const turned = transpose(stored as Tensor2D)
  stored.dispose()
  return turned
}

/** Whether a parameter lies transposed here: a matrix that rows are multiplied by, not a table whose rows are looked up. */
export function isLinear({ name, shape }: { name: string; shape: readonly number[] }): boolean {
  return shape.length > 1 && !name.endsWith('embed_tokens.weight') && !name.endsWith('pos_embed.weight')
}
