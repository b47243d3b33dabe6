import { TRANSFORMS } from '../../core/transform.js'
import type { Arm } from './arm.js'

/** What an arm is, in words. */
export function describeArm(arm: Arm): string {
  if (arm.kind === 'checkpoint')
    return `checkpoint ${arm.start}, ${arm.asked === 'direct' ? 'asked to answer at once, without the tool' : 'with the tool, not trained further'}`
  const { start, reward, transforms, rows } = arm
  const left = TRANSFORMS.filter((transform) => !transforms.includes(transform))
  return [
    `GRPO from ${start}`,
    ...(reward.beta1 === undefined ? [] : [`β1 = ${reward.beta1}`]),
    ...(reward.beta2 === undefined ? [] : [`β2 = ${reward.beta2}`]),
    ...(left.length === 0 ? [] : [`no pictures of ${left.join(', ')}`]),
    ...(rows === null ? [] : [`at most ${rows} different questions`]),
  ].join('; ')
}
