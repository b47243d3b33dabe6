import { Presets, SingleBar } from 'cli-progress'

/** Where no terminal shows a bar, a line at least this often. */
const LINE_EVERY_MS = 10_000

/** How far something is, on stderr. */
export interface Display<Progress> {
  readonly update: (progress: Progress) => void
  readonly stop: () => void
}

/** One state of it. A bar with another `name` is another bar, below the first. */
export interface Shown {
  name: string
  value: number
  total: number
  /** Behind the bar. */
  note: string
  /** The same as a line of its own. */
  line: string
}

/**
 * A bar, or plain lines where stderr is no terminal. Shows nothing before the first update.
 * @param parameters.format of the bar, in the words of cli-progress: `{name}`, `{bar}`, `{value}`, `{total}`, `{note}` …
 */
export function createDisplay<Progress>(parameters: {
  format: string
  show: (progress: Progress) => Shown
}): Display<Progress> {
  return process.stderr.isTTY ? bars(parameters) : lines(parameters)
}

function bars<Progress>({
  format,
  show,
}: {
  format: string
  show: (progress: Progress) => Shown
}): Display<Progress> {
  let current: { name: string; bar: SingleBar } | null = null
  const stop = (): void => {
    current?.bar.stop()
    current = null
  }
  return {
    update(progress) {
      const { name, value, total, note } = show(progress)
      if (current?.name === name) current.bar.update(value, { name, note })
      else {
        stop()
        const bar = new SingleBar(
          { format, hideCursor: true, stream: process.stderr, gracefulExit: false, noTTYOutput: false },
          Presets.shades_classic,
        )
        bar.start(total, value, { name, note })
        current = { name, bar }
      }
    },
    stop,
  }
}

function lines<Progress>({ show }: { show: (progress: Progress) => Shown }): Display<Progress> {
  let shown = -Infinity
  let last: Progress | null = null
  const print = (progress: Progress): void => {
    shown = performance.now()
    last = null
    console.error(show(progress).line)
  }
  return {
    update(progress) {
      last = progress
      if (performance.now() - shown >= LINE_EVERY_MS) print(progress)
    },
    stop: () => {
      if (last !== null) print(last)
    },
  }
}
