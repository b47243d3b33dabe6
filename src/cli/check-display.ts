import { Presets, SingleBar } from 'cli-progress'
import type { CheckProgress } from '../data/check/check-data.js'

/** Where no terminal shows a bar, a line at least this often. */
const LINE_EVERY_MS = 10_000

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
      format: 'checking {bar} {value}/{total} · {findings} findings · {eta_formatted} left',
      hideCursor: true,
      stream: process.stderr,
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  let isStarted = false
  return {
    update({ done, total, findings }) {
      if (isStarted) display.update(done, { findings })
      else display.start(total, done, { findings })
      isStarted = true
    },
    print(line) {
      // The bar is drawn again, below the line, at its next turn.
      if (isStarted) process.stderr.write('\r\u001b[K')
      console.log(line)
    },
    stop: () => display.stop(),
  }
}

function lines(): CheckDisplay {
  let shown = performance.now()
  return {
    update({ done, total, findings }) {
      if (performance.now() - shown < LINE_EVERY_MS) return
      shown = performance.now()
      console.error(`checking ${done}/${total} · ${findings} findings`)
    },
    print: (line) => console.log(line),
    stop: () => undefined,
  }
}
