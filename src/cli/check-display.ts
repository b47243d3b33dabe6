import { Presets, SingleBar } from 'cli-progress'
import type { CheckProgress } from '../data/check/check-data.js'

/** Where no terminal shows a bar, a line at least this often. */
const LINE_EVERY_MS = 10_000

/** What a reader sees of each step. */
const STEP: Readonly<Record<CheckProgress['step'], string>> = {
  reading: 'checking',
  comparing: 'comparing pictures',
}

export interface CheckDisplay {
  update(progress: CheckProgress): void
  /** Print a line on stdout without tearing the bar. */
  print(line: string): void
  stop(): void
}

/** How far a check of data is, on stderr: a bar, or plain lines where stderr is no terminal. */
export function createCheckDisplay(): CheckDisplay {
  return process.stderr.isTTY ? bar() : lines()
}

function bar(): CheckDisplay {
  const display = new SingleBar(
    {
      format: '{step} {bar} {value}/{total} · {findings} findings · {eta_formatted} left',
      hideCursor: true,
      stream: process.stderr,
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  let shown: CheckProgress['step'] | null = null
  return {
    update({ step, done, total, findings }) {
      if (shown === step) display.update(done, { findings, step: STEP[step] })
      else {
        // Each step has a bar of its own, below the one before.
        if (shown !== null) display.stop()
        display.start(total, done, { findings, step: STEP[step] })
      }
      shown = step
    },
    print(line) {
      // The bar is drawn again, below the line, at its next turn.
      if (shown !== null) process.stderr.write('\r\u001b[K')
      console.log(line)
    },
    stop: () => display.stop(),
  }
}

function lines(): CheckDisplay {
  let shown = performance.now()
  return {
    update({ step, done, total, findings }) {
      if (performance.now() - shown < LINE_EVERY_MS) return
      shown = performance.now()
      console.error(`${STEP[step]} ${done}/${total} · ${findings} findings`)
    },
    print: (line) => console.log(line),
    stop: () => undefined,
  }
}
