import type { CurationProgress } from '../curation/run/progress.js'
import { createDisplay, type Display } from './display.js'
import { describeDuration } from './progress-display.js'

/** How many rows were read to plan with. */
export function createPlanningDisplay({ rows }: { rows: number }): Display<number> {
  return createDisplay({
    format: '{name} {bar} {value}/{total} rows',
    show: (done) => ({
      name: 'planning',
      value: done,
      total: rows,
      note: '',
      line: `planning ${done}/${rows} rows`,
    }),
  })
}

/** How far a curation is: what was kept, dropped and corrected, rate and time left. */
export function createCurationDisplay(): Display<CurationProgress> {
  return createDisplay({
    format: '{name} {bar} {value}/{total} · {note}',
    show(progress) {
      const { planned, kept, dropped, failed } = progress
      const value = kept + dropped + failed
      const note = describeCuration(progress)
      return { name: 'curating', value, total: planned, note, line: `curating ${value}/${planned} · ${note}` }
    },
  })
}

/** `231 kept · 2 dropped · 3 corrected · 4.1/s · 1:05 left`. */
export function describeCuration({
  kept,
  dropped,
  corrected,
  failed,
  perSecond,
  etaSeconds,
}: CurationProgress): string {
  return [
    `${kept} kept`,
    dropped === 0 ? null : `${dropped} dropped`,
    corrected === 0 ? null : `${corrected} corrected`,
    failed === 0 ? null : `${failed} failed`,
    perSecond === null
      ? null
      : perSecond >= 1
        ? `${perSecond.toFixed(1)}/s`
        : `${(1 / perSecond).toFixed(1)} s each`,
    etaSeconds === null ? null : `${describeDuration(etaSeconds)} left`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
