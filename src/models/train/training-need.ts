import type { ModelConfig } from '../config/model-config.js'
import { adaptedLayers } from '../lora/adapted-layers.js'
import { parameterShapes } from '../weights/parameter-shapes.js'
import { modelPart } from './model-part.js'
import type { Trains } from './trains.js'

/** Bytes of a float32. */
const FLOAT = 4
/** Of each number that is trained: its gradient, two moments, and its next or an earlier value. */
const COPIES = 4

/** Bytes that training holds beside the model itself, without what is computed on the way. */
export function trainingNeed({ config, trains }: { config: ModelConfig; trains: Trains }): number {
  switch (trains.kind) {
    case 'parts': {
      const trained = [...parameterShapes(config)].filter(([name]) => trains.parts.includes(modelPart(name)))
      return (
        FLOAT * COPIES * sum(trained.map(([, shape]) => shape.reduce((product, side) => product * side, 1)))
      )
    }
    case 'lora': {
      const layers = adaptedLayers({ targets: trains.targets, config })
      return FLOAT * (COPIES + 1) * sum(layers.map((layer) => trains.rank * (layer.in + layer.out)))
    }
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
