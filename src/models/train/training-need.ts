import type { ModelConfig } from '../config/model-config.js'
import { adaptedLayers } from '../lora/adapted-layers.js'
import { memoryNeed } from '../weights/memory-need.js'
import { parameterShapes } from '../weights/parameter-shapes.js'
import { modelPart } from './model-part.js'
import type { Trains } from './trains.js'

/** Bytes of a float32. */
const FLOAT = 4
/** Of each number that is trained: its gradient, two moments, and its next or an earlier value. */
const COPIES = 4

/** Bytes that training holds beside the model itself, without what is computed on the way. */
export function trainingNeed(what: { config: ModelConfig; trains: Trains }): number {
  const adapters = what.trains.kind === 'lora' ? 1 : 0
  return FLOAT * (COPIES + adapters) * trainedNumbers(what)
}

/** Bytes that each helper thread of training holds: the model once more, and gradients of what is trained twice, where they are computed and where they are handed over. What is computed on the way is not counted. */
export function helperNeed(what: { config: ModelConfig; trains: Trains }): number {
  const adapters = what.trains.kind === 'lora' ? 1 : 0
  return memoryNeed(what.config).weights + FLOAT * (2 + adapters) * trainedNumbers(what)
}

/** How many numbers are trained: of the parts, or of the adapters. */
export function trainedNumbers({ config, trains }: { config: ModelConfig; trains: Trains }): number {
  switch (trains.kind) {
    case 'parts': {
      const trained = [...parameterShapes(config)].filter(([name]) => trains.parts.includes(modelPart(name)))
      return sum(trained.map(([, shape]) => shape.reduce((product, side) => product * side, 1)))
    }
    case 'lora': {
      const layers = adaptedLayers({ targets: trains.targets, config })
      return sum(layers.map((layer) => trains.rank * (layer.in + layer.out)))
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
