import type { ModelConfig } from '../config/model-config.js'
import type { LoraSettings } from '../lora/lora-settings.js'
import { isAdapter, withAdapters } from '../lora/with-adapters.js'
import type { LoadedWeights } from '../weights/load-weights.js'
import type { AdamWSettings } from './adamw.js'
import { MODEL_PARTS, type ModelPart } from '../../core/training-choices.js'
import { modelPart } from './model-part.js'
import { createTrainer, type Trainer } from './trainer.js'

/** What of a model is trained; all else stays as it is. */
export type Trains =
  | { readonly kind: 'parts'; readonly parts: readonly ModelPart[] }
  | ({ readonly kind: 'lora' } & LoraSettings)

export const TRAINS_ALL: Trains = { kind: 'parts', parts: MODEL_PARTS }

/** A trainer of what is to be trained. It takes the weights over. @throws UsageError when LoRA is to adapt a layer that there is not. */
export function trainerOf({
  config,
  weights,
  trains,
  optimizer,
  seed,
}: {
  config: ModelConfig
  weights: LoadedWeights
  trains: Trains
  optimizer: AdamWSettings
  /** Of new adapters. */
  seed: number
}): Trainer {
  switch (trains.kind) {
    case 'parts': {
      const isTrained = (name: string): boolean => trains.parts.includes(modelPart(name))
      return createTrainer({ config, weights, isTrained, optimizer })
    }
    case 'lora': {
      const adapted = withAdapters({ weights, config, lora: trains, seed })
      return createTrainer({ config, weights: adapted, isTrained: isAdapter, optimizer })
    }
  }
}
