/** How often one guesses right without looking: the most frequent answer of a category, learned from one half of its rows and tried on the other, both ways. */
export function guessAnswers(
  rows: readonly { category: string; answer: string }[],
): Map<string, { rows: number; right: number }> {
  const categories = new Map<string, { answer: string }[]>()
  for (const row of rows) categories.set(row.category, [...(categories.get(row.category) ?? []), row])
  return new Map(
    [...categories].map(([category, own]) => {
      const halves = [own.filter((_, at) => at % 2 === 0), own.filter((_, at) => at % 2 === 1)] as const
      const right = rightIn(halves[0], mostFrequent(halves[1])) + rightIn(halves[1], mostFrequent(halves[0]))
      return [category, { rows: own.length, right }]
    }),
  )
}

function mostFrequent(rows: readonly { answer: string }[]): string | null {
  const counts = new Map<string, number>()
  for (const { answer } of rows) counts.set(answer, (counts.get(answer) ?? 0) + 1)
  const [first] = [...counts].sort((a, b) => b[1] - a[1])
  return first?.[0] ?? null
}

function rightIn(rows: readonly { answer: string }[], guess: string | null): number {
  return rows.filter(({ answer }) => answer === guess).length
}
