import { Presets, SingleBar } from 'cli-progress'
import type { DownloadProgress } from '../data/hub/fetch-dataset.js'

/** Where no terminal shows a bar, a line at least this often. */
const LINE_EVERY_MS = 10_000

export interface DownloadDisplay {
  readonly update: (progress: DownloadProgress) => void
  readonly stop: () => void
}

/** How far a download is, on stderr: a bar, or plain lines where stderr is no terminal. Shows nothing before the first piece has come. */
export function createDownloadDisplay(): DownloadDisplay {
  return process.stderr.isTTY ? bar() : lines()
}

function bar(): DownloadDisplay {
  const display = new SingleBar(
    {
      format: '{repository} {bar} {note} · {eta_formatted} left',
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
      const payload = { repository: progress.repository, note: describeDownload(progress) }
      const { received, total } = progress.bytes
      if (isStarted) display.update(received, payload)
      else display.start(total, received, payload)
      isStarted = true
    },
    stop: () => display.stop(),
  }
}

function lines(): DownloadDisplay {
  let shown = -Infinity
  let last: DownloadProgress | null = null
  const show = (progress: DownloadProgress): void => {
    shown = performance.now()
    last = null
    console.error(`${progress.repository}: ${describeDownload(progress)}`)
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

/** `1.2 of 4.6 GB`, with the number of files where there are several. */
export function describeDownload({ files, bytes: { received, total } }: DownloadProgress): string {
  const [unit, divisor] = total >= 1e9 ? ['GB', 1e9] : total >= 1e6 ? ['MB', 1e6] : ['kB', 1e3]
  const number = (bytes: number): string => (bytes / divisor).toFixed(1)
  const amount = `${number(received)} of ${number(total)} ${unit}`
  return files.total === 1 ? amount : `${amount}, ${files.done} of ${files.total} files`
}
