import type { Figures } from '../../../training/metrics/step-metrics.js'
import type { StageEvent, StepFigures } from '../train-stage.js'

/** What a step or a measurement says, by the names that metrics.jsonl, curves and TensorBoard have; null for other events. */
export function stageMetrics(event: StageEvent): Figures | null {
  switch (event.type) {
    case 'step':
      return stepMetrics(event)
    case 'measured':
      return Object.fromEntries(
        [...event.accuracies].flatMap(([kind, { turns, right, tokenShare }]) => {
          // Only trajectories have turns that do different things.
          const name = event.task === 'trajectory' ? `${event.task}/${kind}` : event.task
          return [
            [`accuracy/${name}`, right / turns],
            [`tokenAccuracy/${name}`, tokenShare],
          ]
        }),
      )
    case 'opened':
    case 'saved':
      return null
  }
}

function stepMetrics({
  loss,
  losses,
  gradientNorm,
  learningRate,
  tokens,
  drawMs,
  trainMs,
}: StepFigures): Figures {
  return {
    loss,
    ...Object.fromEntries([...losses].map(([task, own]) => [`loss/${task}`, own])),
    gradientNorm,
    learningRate,
    tokens,
    'seconds/draw': drawMs / 1000,
    'seconds/train': trainMs / 1000,
    'seconds/step': (drawMs + trainMs) / 1000,
  }
}
