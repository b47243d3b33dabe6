import type { TrainingEvent } from '../training/loop/training-event.js'
import type { Figures } from '../training/metrics/step-metrics.js'
import { skippedFor, SKIP_CAUSES, type SkipCause } from '../training/update/skipped-updates.js'
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
      // Why is told by whoever counts them.
      if (event.type === 'failed') return
      bar.stop()
      switch (event.type) {
        case 'started':
          total = event.total
          print(describeStart(event))
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
const SHOWN: readonly (readonly [figure: string, told: (value: string) => string])[] = [
  ['loss', (value) => `loss ${value}`],
  ['reward/total', (value) => `reward ${value}`],
  ['accuracy', (value) => `accuracy ${value}`],
  ['toolCalls', (value) => `${value} calls a rollout`],
  ['toolErrorRate', (value) => `share of failed calls ${value}`],
  ['kl', (value) => `KL ${value}`],
  ['entropy', (value) => `entropy ${value}`],
  ['clipFraction', (value) => `clipped ${value}`],
  ['gradientNorm', (value) => `gradient ${value}`],
  ['tokens/perSecond', (value) => `tokens/s ${value}`],
  ['groups/degenerate', (value) => `groups without a difference ${value}`],
  ['rollouts/failed', (value) => `failed ${value}`],
  ['rollouts/stragglers', (value) => `stragglers ${value}`],
]

/** Which steps a session takes. */
export function describeStart({
  step,
  until,
  total,
}: {
  step: number
  until: number
  total: number
}): string {
  if (step >= until) return `${step} of ${total} steps were taken before; none is to be taken now`
  return `steps ${step + 1} to ${until} of ${total}`
}

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
  const shown = SHOWN.flatMap(([name, told]) => {
    const value = figures[name]
    const isCount = name.startsWith('rollouts/') || name.startsWith('groups/')
    return value === undefined || (isCount && value === 0) ? [] : [told(short(value))]
  })
  const still = figures.learningRate === 0 ? ['learning rate 0: nothing moved'] : []
  return [`step ${step}/${total}`, ...shown, ...still, ...describeSkipped(figures)].join(' · ')
}

const CAUSES: Readonly<Record<SkipCause, string>> = {
  equal: 'equal rewards',
  filtered: 'groups left out by the filter',
  lone: 'groups with one rollout left, or none',
}

/** That, and why, a step of GRPO left updates out; nothing where it made them all. */
function describeSkipped(figures: Figures): string[] {
  const { updates, updatesSkipped = 0 } = figures
  if (updates === undefined || (updates > 0 && updatesSkipped === 0)) return []
  if (updates > 0) {
    const causes = SKIP_CAUSES.filter((cause) => skippedFor({ figures, cause }) > 0)
    const why = causes.map((cause) => CAUSES[cause]).join(', ')
    return [`${updatesSkipped} of ${updates + updatesSkipped} updates left out: ${why}`]
  }
  const { 'groups/filtered': filtered = 0, 'groups/lone': lone = 0, 'groups/usable': usable = 0 } = figures
  const { 'groups/empty': empty = 0 } = figures
  const equal = usable - filtered - lone
  const reasons = [
    ...(filtered > 0 ? [`${filtered} left out by the filter`] : []),
    ...(lone > 0 ? [`${lone} with one rollout left`] : []),
    ...(empty > 0 ? [`${empty} with none`] : []),
    ...(equal > 0 ? [`${equal} with equal rewards`] : []),
  ]
  return [`no update: of ${usable + empty} groups ${reasons.join(', ') || 'none could be used'}`]
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
