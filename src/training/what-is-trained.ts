import type { TrainingModel } from '../config/training-schema.js'
import { inMillions } from '../core/in-millions.js'
import { MODEL_PARTS, type ModelPart } from '../core/training-choices.js'
import type { ModelConfig } from '../models/config/model-config.js'
import { modelPart } from '../models/train/model-part.js'
import { trainedNumbers } from '../models/train/training-need.js'
import { parameterShapes } from '../models/weights/parameter-shapes.js'
import { torchMemory } from '../policies/torch/torch-memory.js'

/** Which parts of a model a training changes and which it leaves, each with its parameters, as a line for the reader: the engines differ in how that is said, and in what they do unless told. */
export function whatIsTrained({ config, model }: { config: ModelConfig; model: TrainingModel }): string {
  const adapters = adaptersOf({ config, model })
  const trained = adapters === null ? partsOf(model) : []
  const counts = countParts(config)
  const told = (parts: readonly ModelPart[]): string[] =>
    parts.map((part) => `${part} ${inMillions(counts[part])}`)
  const changed = adapters === null ? told(trained) : [adapters]
  const left = told(MODEL_PARTS.filter((part) => !trained.includes(part)))
  return `Parameters that are trained: ${changed.join(', ')}; frozen: ${left.length === 0 ? 'none' : left.join(', ')}`
}

function adaptersOf({ config, model }: { config: ModelConfig; model: TrainingModel }): string | null {
  switch (model.kind) {
    case 'tfjs': {
      const { trains } = model
      if (trains.kind === 'parts') return null
      return adapters({ rank: trains.rank, count: trainedNumbers({ config, trains }) })
    }
    case 'torch': {
      const { train, lora } = model
      if (train === 'full') return null
      const { trained } = torchMemory({ config, train, rank: lora.rank, tokens: 0 })
      return adapters({ rank: lora.rank, count: trained })
    }
  }
}

function adapters({ rank, count }: { rank: number; count: number }): string {
  return `adapters of rank ${rank} ${inMillions(count)}`
}

/** Of a training without adapters. */
function partsOf(model: TrainingModel): readonly ModelPart[] {
  if (model.kind === 'tfjs') return model.trains.kind === 'parts' ? model.trains.parts : []
  return model.freezeVision ? MODEL_PARTS.filter((part) => !OF_TOWER.has(part)) : MODEL_PARTS
}

/** What transformers has under `visual`. */
const OF_TOWER: ReadonlySet<ModelPart> = new Set(['vision', 'projector'])

function countParts(config: ModelConfig): Record<ModelPart, number> {
  const counts = { language: 0, embeddings: 0, vision: 0, projector: 0 }
  for (const [name, shape] of parameterShapes(config))
    counts[modelPart(name)] += shape.reduce((product, side) => product * side, 1)
  return counts
}
