import type { ReleaseConfig } from '../../config/reward-schema.js'
import { byCodePoints } from '../../core/code-point-order.js'
import { CORE_TOOLS, ORIENTATION_TOOLS } from '../tools.js'
import type { ReleaseComponents, ReleaseRollout } from './components.js'
import type { ExpectedTools } from './expected-tools.js'

/** Why the components are what they are. */
export function releaseReasons({
  rollout: { correct, used, codeCount, bestIoU },
  expected,
  components: parts,
  parameters: { without },
}: {
  rollout: ReleaseRollout
  expected: ExpectedTools
  components: Omit<ReleaseComponents, 'R_total'>
  parameters: Pick<ReleaseConfig, 'without'>
}): string[] {
  const reasons = [`The answer is ${correct ? 'correct' : 'wrong'}.`]
  if (correct && parts.R_acc < 1) {
    reasons.push(
      `A crop was required and the required tools were used to ${share(parts.R_mandatory)} only, so the answer counts as much.`,
    )
  }
  if (expected.all.size > 0) {
    const missing = names([...expected.all].filter((tool) => !used.has(tool)))
    reasons.push(
      `Required tools used: ${share(parts.R_mandatory)}${missing === '' ? '' : `; not used: ${missing}`}.`,
    )
    if (expected.hasCrop) {
      reasons.push(
        bestIoU === null
          ? 'No target box is known, so a crop earns nothing.'
          : `Best crop: IoU ${bestIoU.toFixed(2)}.`,
      )
    }
  }
  if (parts.R_exact !== 0) reasons.push('Exactly the required core tools were used.')
  if (parts.R_emerge !== 0) {
    reasons.push(
      `Correct with tools outside the core: ${names([...used].filter((tool) => !CORE_TOOLS.has(tool)))}.`,
    )
  }
  if (parts.R_necessity !== 0) reasons.push('The group succeeded more often with tools than without.')
  if (parts.C_usage !== 0) reasons.push(`${codeCount} calls, ${parts.C_usage} more than are free.`)
  if (parts.R_spurious !== 0) {
    reasons.push(
      `No orientation tool was required, used: ${names([...used].filter((tool) => ORIENTATION_TOOLS.has(tool)))}.`,
    )
  }
  if (without.length > 0) reasons.push(`Left out of the total: ${without.join(', ')}.`)
  return reasons
}

function names(tools: string[]): string {
  return tools.sort(byCodePoints).join(', ')
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`
}
