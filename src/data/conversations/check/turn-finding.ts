import type { DatasetAttributes } from '../sharegpt/dataset-attributes.js'
import type { Turn } from './check-row.js'
import type { RowFinding } from './conversation-finding.js'

/** The first turn that is said by the wrong side, or that they are none, or do not end with the model's; null where all is well. Such a row is left out. */
export function turnFinding({
  turns,
  tags,
}: {
  turns: readonly Turn[]
  tags: DatasetAttributes['tags']
}): RowFinding | null {
  const found = (what: string, expected: string, got: string): RowFinding => ({
    check: 'turns',
    effect: 'drops',
    ...{ what, expected, got },
  })
  const sides = [
    [tags.user, tags.observation],
    [tags.assistant, tags.function],
  ].map((names) => names.filter((name) => name !== null))
  const wrong = turns.findIndex(({ from }, at) => sides[at % 2]?.includes(from) !== true)
  if (wrong !== -1)
    return found(`turn ${wrong + 1}`, (sides[wrong % 2] ?? []).join(' or '), turns[wrong]?.from || 'nobody')
  if (turns.length === 0) return found('turns', 'a question and an answer at least', 'none')
  if (turns.length % 2 === 0) return null
  return found(
    `turn ${turns.length}`,
    `${(sides[1] ?? []).join(' or ')} to end the conversation`,
    turns.at(-1)?.from ?? 'nobody',
  )
}
