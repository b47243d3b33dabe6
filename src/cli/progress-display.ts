import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from '../evaluation/run/progress.js'

/** Where no terminal shows a bar, a line at least this often. */
const LINE_EVERY_MS = 10_000

export interface ProgressDisplay {
  update(progress: Progress): void
  stop(): void
}

/** A bar on stderr with rate, time left and running accuracy; plain lines where stderr is no terminal. */
export function createProgressDisplay({ name }: { name: string }): ProgressDisplay {
  return process.stderr.isTTY ? bar(name) : lines(name)
}

function bar(name: string): ProgressDisplay {
  const display = new SingleBar(
    {
      format: `${name} {bar} {value}/{total} · {note}`,
      hideCursor: true,
      stream: process.stderr,
      gracefulExit: false,
      noTTYOutput: false,
    },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    update(progress) {
      const payload = { note: describeProgress(progress) }
      if (isStarted) display.update(done(progress), payload)
      else display.start(progress.planned, done(progress), payload)
      isStarted = true
    },
    stop: () => display.stop(),
  }
}

function lines(name: string): ProgressDisplay {
  let shown = -Infinity
  let last: Progress | null = null
  const show = (progress: Progress): void => {
    shown = performance.now()
    last = null
    console.error(
      [`${name} ${done(progress)}/${progress.planned}`, describeProgress(progress)]
        .filter((part) => part !== '')
        .join(' · '),
    )
  }
  return {
    update(progress) {
      last = progress
      if (performance.now() - shown >= LINE_EVERY_MS) show(progress)
    },
    stop: () => {
      if (last !== null) show(last)
    },
  }
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
