import { UsageError } from '../../../core/errors.js'
import { TRANSFORMS, type Transform } from '../../../core/transform.js'
import type { NamedArm, Study } from '../study.js'
import type { TaskRecord } from '../task-record.js'
import { BEFORE, FULL_ARM } from './common-arms.js'

/** Up to this share of successes a tool counts as one that the model does not have yet. */
const UNKNOWN = 0.05

/** Whether RL helps tools that no question of it required. @throws UsageError where nothing, or everything, is held out. */
export function emergentTools({ heldOut }: { heldOut: readonly Transform[] }): Study {
  const seen = TRANSFORMS.filter((transform) => !heldOut.includes(transform))
  const turned: readonly Transform[] = heldOut.filter((transform) => transform !== 'none')
  if (turned.length === 0 || turned.length < heldOut.length || !seen.some((one) => one !== 'none'))
    throw new UsageError(
      `--held-out: expected some of the five transformations, and not all of them, got ${heldOut.join(', ') || 'none'}`,
    )
  const after: NamedArm = {
    name: 'RL without these tools',
    arm: { ...FULL_ARM, transforms: seen, measuredOn: turned },
  }
  const isHeldOut = ({ transform }: TaskRecord): boolean => turned.includes(transform)
  const isSeen = (record: TaskRecord): boolean => record.transform !== 'none' && !isHeldOut(record)
  return {
    name: 'emergent-tools',
    title: 'Tools that RL never asked for',
    statement: [
      'Emergent tools: of tools that no reward of RL requires, the rate of success stays flat near 0 until about step 270 of the training, then climbs to about 0.65 by step 350.',
      'The paper counts brightness, contrast, blurring, sharpening and others; here some transformations are left out of RL, so that what undoes them is required by none of its questions. The paper gives no statistics over trainings.',
    ],
    arms: [BEFORE, after],
    transforms: TRANSFORMS,
    comparisons: [
      {
        what: `Success on pictures of ${turned.join(' and ')} after RL without them against before`,
        measure: 'toolSuccess',
        of: after.name,
        against: BEFORE.name,
        among: isHeldOut,
        expected: { direction: 'higher' },
        premise: {
          arm: BEFORE.name,
          measure: 'toolSuccess',
          among: isHeldOut,
          bound: { atMost: UNKNOWN },
          otherwise: (share) =>
            `Before RL these tools succeed in ${share} of their tasks already, where the paper's begin near 0: a rise is that of a tool that SFT has shown, and no sign of one that emerges.`,
        },
      },
      {
        what: 'Success on the transformations that RL did ask for',
        measure: 'toolSuccess',
        of: after.name,
        against: BEFORE.name,
        among: isSeen,
        expected: { direction: 'open' },
      },
    ],
    heldOut: turned,
    shown: ['toolTurns'],
  }
}
