import type { Progress } from '../evaluation/run/progress.js'
import { createDisplay, type Display } from './display.js'

/** How far a run is: rate, time left and running accuracy. */
export function createProgressDisplay({ name }: { name: string }): Display<Progress> {
  return createDisplay({
    format: '{name} {bar} {value}/{total} · {note}',
    show(progress) {
      const note = describeProgress(progress)
      const line = [`${name} ${done(progress)}/${progress.planned}`, note]
        .filter((part) => part !== '')
        .join(' · ')
      return { name, value: done(progress), total: progress.planned, note, line }
    },
  })
}

function done({ finished, failed, unusable }: Progress): number {
  return finished + failed + unusable
}

/** Running accuracy, rate, time left and failures, as far as they are known. */
export function describeProgress({ accuracy, perSecond, etaSeconds, failed, unusable }: Progress): string {
  return [
    accuracy === null ? null : `${(accuracy * 100).toFixed(1)} % right`,
    perSecond === null
      ? null
      : perSecond >= 1
        ? `${perSecond.toFixed(1)}/s`
        : `${(1 / perSecond).toFixed(1)} s each`,
    etaSeconds === null ? null : `${describeDuration(etaSeconds)} left`,
    failed === 0 ? null : `${failed} failed`,
    unusable === 0 ? null : `${unusable} unusable`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}

/** `59 s`, `4:05`, `2:03:09`. */
export function describeDuration(seconds: number): string {
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shown = parts[0] === 0 ? parts.slice(1) : parts
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':')
}
