/** Figures of a training that a reader looks for first, in this order. */
const FIRST = [
  ...['loss', 'evaluation/loss', 'reward/total', 'accuracy', 'evaluation/accuracy'],
  ...[
    'reward/outcome',
    'reward/strategy',
    'reward/penalty',
    'reward/mustUse',
    'reward/R_acc',
    'reward/R_mandatory',
  ],
  ...['toolCalls', 'turns', 'toolErrorRate', 'kl', 'entropy', 'clipFraction', 'gradientNorm', 'learningRate'],
  ...[
    'tokens/sampled',
    'tokens/perSecond',
    'groups/degenerate',
    'difficulty',
    'rollouts/failed',
    'rollouts/stragglers',
  ],
]

/** Names of figures as they are shown at once, and those that stand behind a click. */
export function chooseCurves(names: readonly string[]): { first: string[]; others: string[] } {
  const known = new Set(names)
  const first = FIRST.filter((name) => known.has(name))
  const shown = new Set(first)
  return { first, others: names.filter((name) => !shown.has(name)).sort() }
}
