import { answerCheck } from './answer-check.js'
import { answerLeakCheck } from './answer-leak-check.js'
import { boxCheck } from './box-check.js'
import { canonicalCheck } from './canonical-check.js'
import type { Check } from './check.js'
import { duplicateCheck } from './duplicate-check.js'
import { columnsCheck } from './columns-check.js'
import type { CheckName } from './finding.js'
import type { GoldPositions } from './gold-positions.js'
import { imageCheck } from './image-check.js'
import { nearDuplicateCheck } from './near-duplicate-check.js'
import { positionCheck } from './position-check.js'
import { toolsCheck } from './tools-check.js'

/** Every check of rows that can be read, new, but those that are left out. */
export function allChecks({
  without,
  onPositions,
}: {
  without: readonly CheckName[]
  onPositions: (source: string, positions: readonly GoldPositions[]) => void
}): readonly Check[] {
  const checks: readonly (readonly [CheckName, () => Check])[] = [
    ['schema', columnsCheck],
    ['image', imageCheck],
    ['box', boxCheck],
    ['answer', answerCheck],
    ['tools', toolsCheck],
    ['tools', canonicalCheck],
    ['leak', answerLeakCheck],
    ['position', () => positionCheck({ onPositions })],
    ['duplicate', duplicateCheck],
    ['near-duplicate', nearDuplicateCheck],
  ]
  return checks.filter(([name]) => !without.includes(name)).map(([, create]) => create())
}
