/** Curves that are drawn together, on one scale. */
export interface CurvePanel {
  readonly title: string
  /** `share`: from 0 to 1. */
  readonly scale: 'linear' | 'log' | 'share'
  readonly curves: readonly { readonly name: string; readonly label: string }[]
}

interface PanelRule {
  readonly title: string
  readonly scale: CurvePanel['scale']
  /** Names of figures, or the beginning of them. */
  readonly figures: readonly string[] | { readonly under: string }
}

/** In the order in which a page has them. */
const RULES: readonly PanelRule[] = [
  { title: 'Loss by task: −log p of a token', scale: 'log', figures: { under: 'loss/' } },
  { title: 'Measured on new samples: right as a whole', scale: 'share', figures: { under: 'accuracy/' } },
  { title: 'Rewards', scale: 'linear', figures: { under: 'reward/' } },
  { title: 'Right answers of rollouts', scale: 'share', figures: ['accuracy', 'evaluation/accuracy'] },
  { title: 'Turns and calls of a rollout', scale: 'linear', figures: ['turns', 'toolCalls'] },
  { title: 'Failed calls, share', scale: 'share', figures: ['toolErrorRate'] },
  { title: 'Divergence from the model that it began as', scale: 'linear', figures: ['kl'] },
  { title: 'Entropy', scale: 'linear', figures: ['entropy'] },
  { title: 'Norm of the gradient', scale: 'log', figures: ['gradientNorm'] },
  { title: 'Learning rate', scale: 'linear', figures: ['learningRate'] },
  {
    title: 'Seconds of a step',
    scale: 'linear',
    figures: ['seconds/step', 'seconds/rollout', 'seconds/draw'],
  },
]

/** The panels that a training has figures for. */
export function curvePanels(names: readonly string[]): CurvePanel[] {
  return RULES.flatMap(({ title, scale, figures }) => {
    const curves = 'under' in figures ? curvesUnder(figures.under, names) : curvesNamed(figures, names)
    return curves.length === 0 ? [] : [{ title, scale, curves }]
  })
}

function curvesUnder(prefix: string, names: readonly string[]): CurvePanel['curves'] {
  return names
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => ({ name, label: name.slice(prefix.length) }))
}

function curvesNamed(wanted: readonly string[], names: readonly string[]): CurvePanel['curves'] {
  const there = new Set(names)
  return wanted.filter((name) => there.has(name)).map((name) => ({ name, label: name }))
}
