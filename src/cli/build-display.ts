import { Presets, SingleBar } from 'cli-progress'
import type { BuildStep } from '../data/mvtoolbench-build/build-mvtoolbench.js'

/** Where no terminal shows a bar, a line at least this often. */
const LINE_EVERY_MS = 10_000

export interface BuildDisplay {
  update(step: BuildStep): void
  stop(): void
}

/** Progress of a build on stderr: a bar for each of its steps, or plain lines where stderr is no terminal. */
export function createBuildDisplay(): BuildDisplay {
  return process.stderr.isTTY ? bars() : lines()
}

function bars(): BuildDisplay {
  let current: { name: string; bar: SingleBar } | null = null
  const stop = (): void => {
    current?.bar.stop()
    current = null
  }
  return {
    update(step) {
      if (current?.name !== step.step) {
        stop()
        const bar = new SingleBar(
          {
            format: `${step.step} {bar} {percentage} % · {note}`,
            hideCursor: true,
            stream: process.stderr,
            gracefulExit: false,
          },
          Presets.shades_classic,
        )
        bar.start(1, 0, { note: '' })
        current = { name: step.step, bar }
      }
      current.bar.update(shareOf(step), { note: noteOf(step) })
    },
    stop,
  }
}

function lines(): BuildDisplay {
  let shown = -Infinity
  return {
    update(step) {
      if (performance.now() - shown < LINE_EVERY_MS) return
      shown = performance.now()
      console.error(`${step.step} ${Math.floor(shareOf(step) * 100)} % · ${noteOf(step)}`)
    },
    stop: () => undefined,
  }
}

function shareOf(step: BuildStep): number {
  return step.step === 'reading' ? step.share : step.done / step.total
}

function noteOf(step: BuildStep): string {
  return step.step === 'reading' ? `${step.images} images` : `${step.done} of ${step.total} rows`
}
