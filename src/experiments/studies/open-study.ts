import type { Transform } from '../../core/transform.js'
import { betaSweep } from './list/beta-sweep.js'
import { beyondTransforms } from './list/beyond-transforms.js'
import { coldStart } from './list/cold-start.js'
import { emergentTools } from './list/emergent-tools.js'
import { rewardAblation } from './list/reward-ablation.js'
import { scaling } from './list/scaling.js'
import type { Study, StudyName } from './study.js'

/** What a user may choose of a study; each is read by the study that it belongs to. */
export interface StudyChoices {
  readonly heldOut: readonly Transform[]
  readonly beta1: readonly number[]
  readonly beta2: readonly number[]
  readonly rowCounts: readonly number[]
  /** RL without SFT begins with the checkpoint `early`, not with the base. */
  readonly isEarly?: boolean
}

/** A study by its name. @throws UsageError for choices that make none. */
export function openStudy({
  name,
  choices,
  hasTrained,
  most = null,
  batch = 1,
}: {
  name: StudyName
  choices: StudyChoices
  /** There is a checkpoint `rl`. */
  hasTrained: boolean
  /** Different questions that an arm can learn from; null: that is not known. */
  most?: number | null
  /** Questions of a step of the training. */
  batch?: number
}): Study {
  switch (name) {
    case 'reward-ablation':
      return rewardAblation()
    case 'cold-start':
      return coldStart({ isEarly: choices.isEarly ?? false })
    case 'emergent-tools':
      return emergentTools(choices)
    case 'beta-sweep':
      return betaSweep(choices)
    case 'scaling':
      return scaling({ ...choices, most, batch })
    case 'beyond-transforms':
      return beyondTransforms({ hasTrained })
  }
}
