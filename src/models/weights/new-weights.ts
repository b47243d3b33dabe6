import { ones, tensor, zeros, type Tensor } from '@tensorflow/tfjs-core'
import { uniformStream } from '../../core/uniform-stream.js'
import type { ModelConfig } from '../config/model-config.js'
import { heldWeights, isLinear, type LoadedWeights } from './load-weights.js'
import { parameterShapes } from './parameter-shapes.js'

/** How parameters of a new model are drawn. */
export interface Initialization {
  /** Same seed, same numbers, on every backend. */
  readonly seed: number
  /** Standard deviation of the learned positions; default: as all others. Where it is small, what patches show drowns it, and a small model does not learn where things are. */
  readonly positionDeviation?: number
}

/** Parameters of a new model: norms begin as ones, biases as zeros, all else is drawn from a normal distribution as wide as the configuration says. */
export function newWeights({
  config,
  initialization: { seed, positionDeviation },
}: {
  config: ModelConfig
  initialization: Initialization
}): LoadedWeights {
  const held = new Map<string, Tensor>()
  let drawn = 0
  for (const [name, shape] of parameterShapes(config)) {
    const isNorm = /norm\w*\.weight$|ln_q\.weight$/.test(name)
    const deviation = name.startsWith('model.visual.')
      ? config.vision.initializerRange
      : config.text.initializerRange
    const own = name.endsWith('pos_embed.weight') ? (positionDeviation ?? deviation) : deviation
    if (isNorm) held.set(name, ones([...shape]))
    else if (name.endsWith('.bias')) held.set(name, zeros([...shape]))
    else
      held.set(name, normal({ shape: laidOut({ name, shape }), deviation: own, seed: `${seed}/${drawn++}` }))
  }
  return heldWeights({ held })
}

function laidOut({ name, shape }: { name: string; shape: readonly number[] }): number[] {
  const [out = 1, ...rest] = shape
  const from = rest.reduce((product, side) => product * side, 1)
  return isLinear({ name, shape }) ? [from, out] : [...shape]
}

/** Numbers of a normal distribution around 0, in pairs by Box and Muller. */
function normal({ shape, deviation, seed }: { shape: number[]; deviation: number; seed: string }): Tensor {
  const uniform = uniformStream(seed)
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1))
  for (let at = 0; at < values.length; at += 2) {
    const length = deviation * Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    values[at] = length * Math.cos(angle)
    if (at + 1 < values.length) values[at + 1] = length * Math.sin(angle)
  }
  return tensor(values, shape)
}
