/**
 * Warns of what is measured and learned from too; null where there is nothing. It is not refused: who learns by heart on purpose measures just that.
 * @param parameters.learned identities of what is learned from
 * @param parameters.named what is measured, and where it is said: 'rows of `evaluation.data`'
 */
export function overlapWarning({
  learned,
  measured,
  named,
}: {
  learned: readonly string[]
  measured: readonly string[]
  named: string
}): string | null {
  const known = new Set(learned)
  const both = measured.filter((key) => known.has(key)).length
  if (both === 0) return null
  return `Warning: ${both} of the ${measured.length} ${named} are learned from too: measured on them, a policy that learns by heart looks as if it had become better. Take others, or leave these out of \`data\`.`
}
