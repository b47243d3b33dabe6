import { dispose, tensor, transpose, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'
import { UsageError } from '../../core/errors.js'
import type { Checkpoint } from '../checkpoint/open-checkpoint.js'
import type { ModelWeights } from './model-weights.js'

/** Parameters held as tensors. */
export interface LoadedWeights extends ModelWeights {
  readonly names: readonly string[]
  dispose(): void
}

/**
 * Put the parameters of a checkpoint into tensors, those of linear layers transposed.
 * @throws UsageError when it lacks a parameter that is asked for.
 */
export async function loadWeights(checkpoint: Checkpoint): Promise<LoadedWeights> {
  const held = new Map<string, Tensor>()
  for (const [name, { shape }] of checkpoint.parameters)
    held.set(
      name,
      laidOut({ name, stored: tensor(await checkpoint.read(name), matrixShape({ name, shape })) }),
    )
  return {
    names: [...held.keys()],
    get(name) {
      const found = held.get(name)
      if (found === undefined)
        throw new UsageError(`expected a checkpoint with the parameter ${name}, got one without`)
      return found
    },
    find: (name) => held.get(name) ?? null,
    dispose: () => {
      dispose([...held.values()])
      held.clear()
    },
  }
}

/** The patch embedding is a convolution whose kernel covers a patch: a matrix. */
function matrixShape({ name, shape }: { name: string; shape: readonly number[] }): number[] {
  if (!name.endsWith('patch_embed.proj.weight')) return [...shape]
  const [out = 1, ...kernel] = shape
  return [out, kernel.reduce((product, side) => product * side, 1)]
}

function laidOut({ name, stored }: { name: string; stored: Tensor }): Tensor {
  if (!isLinear({ name, shape: stored.shape })) return stored
  const turned = transpose(stored as Tensor2D)
  stored.dispose()
  return turned
}

/** Whether a parameter lies transposed here: a matrix that rows are multiplied by, not a table whose rows are looked up. */
export function isLinear({ name, shape }: { name: string; shape: readonly number[] }): boolean {
  return shape.length === 2 && !name.endsWith('embed_tokens.weight') && !name.endsWith('pos_embed.weight')
}
