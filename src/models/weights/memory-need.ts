import type { ModelConfig } from '../config/model-config.js'
import { parameterShapes } from './parameter-shapes.js'

/** Bytes of a float32. */
const FLOAT = 4

/** What a model holds in memory, in bytes; everything is computed in float32, whatever the checkpoint stores. */
export interface MemoryNeed {
  readonly parameters: number
  /** Of all parameters. */
  readonly weights: number
  /** Of the largest one, which lies there twice while it is transposed. */
  readonly largest: number
  /** Keys and values of one token of a conversation. */
  readonly perToken: number
}

/** Estimate by the shapes of the parameters alone, before any is read. */
export function memoryNeed(config: ModelConfig): MemoryNeed {
  const counts = [...parameterShapes(config).values()].map((shape) => shape.reduce((a, b) => a * b, 1))
  const parameters = counts.reduce((sum, count) => sum + count, 0)
  const { layers, keyValueHeads, headSize } = config.text
  return {
    parameters,
    weights: FLOAT * parameters,
    largest: FLOAT * counts.reduce((most, count) => Math.max(most, count), 0),
    perToken: FLOAT * 2 * layers * keyValueHeads * headSize,
  }
}
