import { UsageError } from '../../core/errors.js'
import { GRPO_SHAPE } from './grpo-shape.js'
import type { RecipePlace } from './recipe-setting.js'

/**
 * GPUs of all machines together.
 * @throws UsageError where the rollouts of an update cannot be shared out among them, which verl and TRL both want
 */
export function deviceCount({ nodes, gpus }: Pick<RecipePlace, 'nodes' | 'gpus'>): number {
  const devices = nodes * gpus
  const updated = GRPO_SHAPE.miniBatch * GRPO_SHAPE.rollouts
  if (devices >= 1 && updated % devices === 0) return devices
  throw new UsageError(
    `--nodes × --gpus: expected a number that the ${updated} rollouts of an update can be shared out among (1, 2, 4, … ${updated}), got ${nodes} × ${gpus} = ${devices}; give fewer or more of either`,
  )
}
