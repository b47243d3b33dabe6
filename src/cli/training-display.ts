import type { TrainingEvent } from '../training/loop/training-event.js'
import type { Figures } from '../training/metrics/step-metrics.js'
import { createDisplay } from './display.js'

/** How far the step is that is being taken, and a line for each that was. */
export interface TrainingDisplay {
  readonly onEvent: (event: TrainingEvent) => void
  readonly stop: () => void
}

export function createTrainingDisplay({ print }: { print: (line: string) => void }): TrainingDisplay {
  let total = 0
  const bar = createDisplay<Extract<TrainingEvent, { type: 'progress' }>>({
    format: '{name} {bar} {value}/{total}',
    show({ step, phase, done, of }) {
      const name = `step ${step}/${total} ${phase}`
      return { name, value: done, total: of, note: '', line: `${name} ${done}/${of}` }
    },
  })
  return {
    onEvent(event) {
      if (event.type === 'progress') return bar.update(event)
      bar.stop()
      switch (event.type) {
        case 'started':
          total = event.total
          print(`steps ${event.step + 1} to ${event.until} of ${event.total}`)
          return
        case 'step':
          print(`${describeStep({ ...event.metrics, total })} · ${event.seconds.toFixed(1)} s`)
          return
        case 'evaluated':
          print(`step ${event.metrics.step}/${total} · ${describeFigures(event.metrics.figures)}`)
          return
        case 'checkpoint':
          print(`checkpoint ${event.path}`)
      }
    },
    stop: bar.stop,
  }
}

/** What of a step a reader of the terminal looks for first; all of it is in metrics.jsonl. */
const SHOWN = [
  ['loss', 'loss'],
  ['reward/total', 'reward'],
  ['accuracy', 'accuracy'],
  ['toolCalls', 'calls'],
  ['toolErrorRate', 'errors'],
  ['kl', 'KL'],
  ['entropy', 'entropy'],
  ['clipFraction', 'clipped'],
  ['gradientNorm', 'gradient'],
  ['tokens/perSecond', 'tokens/s'],
  ['groups/degenerate', 'degenerate'],
  ['rollouts/failed', 'failed'],
  ['rollouts/stragglers', 'stragglers'],
] as const

/** `step 3/10 · reward 0.412 · accuracy 0.375 · KL 0.001 …`; counts of what went wrong only where there are any. */
export function describeStep({
  step,
  total,
  figures,
}: {
  step: number
  total: number
  figures: Figures
}): string {
  const shown = SHOWN.flatMap(([name, label]) => {
    const value = figures[name]
    const isCount = name.startsWith('rollouts/') || name.startsWith('groups/')
    return value === undefined || (isCount && value === 0) ? [] : [`${label} ${short(value)}`]
  })
  return [`step ${step}/${total}`, ...shown].join(' · ')
}

function describeFigures(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join(' · ')
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}
