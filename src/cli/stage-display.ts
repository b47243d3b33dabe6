import type { StageEvent, StepFigures } from '../experiments/mini/train-stage.js'
import { createDisplay } from './display.js'
import { describeDuration } from './progress-display.js'

/** How far a supervised stage of the mini experiment is, and a line for whatever was measured. */
export interface StageDisplay {
  readonly onEvent: (event: StageEvent) => void
  readonly stop: () => void
}

/** Steps whose durations tell the time left; the first ones of a session take longer than all others. */
const RECENT = 41

export function createStageDisplay({
  name,
  steps,
  print,
}: {
  name: string
  steps: number
  print: (line: string) => void
}): StageDisplay {
  const recent: number[] = []
  const bar = createDisplay<StepFigures & { seconds: number }>({
    format: '{name} {bar} {value}/{total} · {note}',
    show(figures) {
      const note = describeStageStep({ figures, seconds: figures.seconds, steps })
      const { step } = figures
      return { name, value: step, total: steps, note, line: `${name} step ${step}/${steps} · ${note}` }
    },
  })
  return {
    onEvent(event) {
      switch (event.type) {
        case 'opened':
          print(`${name}: ${event.step} of ${steps} steps done, engine ${event.engine}`)
          return
        case 'step': {
          recent.push((event.drawMs + event.trainMs) / 1000)
          if (recent.length > RECENT) recent.shift()
          bar.update({ ...event, seconds: median(recent) })
          return
        }
        case 'measured':
          bar.stop()
          print(`${name} step ${event.step}/${steps} · ${describeMeasured(event)}`)
          return
        case 'saved':
          bar.stop()
          print(`${name} step ${event.step}/${steps} · saved ${event.directory}`)
      }
    },
    stop: bar.stop,
  }
}

/** `loss 0.412: digits 0.21, places 0.52 · 0.35 s a step · 12:30 left` */
export function describeStageStep({
  figures: { step, loss, losses },
  seconds,
  steps,
}: {
  figures: Pick<StepFigures, 'step' | 'loss' | 'losses'>
  /** Of a step. */
  seconds: number
  steps: number
}): string {
  const tasks = [...losses].sort(([a], [b]) => (a < b ? -1 : 1))
  const byTask = tasks.map(([task, own]) => `${task} ${own.toPrecision(2)}`).join(', ')
  return [
    `loss ${loss.toPrecision(3)}: ${byTask}`,
    `${seconds.toFixed(2)} s a step`,
    `${describeDuration((steps - step) * seconds)} left`,
  ].join(' · ')
}

function describeMeasured({ task, accuracies }: Extract<StageEvent, { type: 'measured' }>): string {
  const told = [...accuracies].map(([kind, { turns, right, tokenShare }]) => {
    const what = task === 'trajectory' ? `${task} ${kind}` : task
    return `${what} ${percent(right / turns)} of ${turns} right, ${percent(tokenShare)} of tokens`
  })
  return told.join(' · ')
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
