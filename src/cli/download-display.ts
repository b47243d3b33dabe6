import type { DownloadProgress } from '../data/hub/fetch-dataset.js'
import { createDisplay, type Display } from './display.js'

/** How far a download is. */
export function createDownloadDisplay(): Display<DownloadProgress> {
  return createDisplay({
    format: '{name} {bar} {note} · {eta_formatted} left',
    show(progress) {
      const { repository: name, bytes } = progress
      const note = describeDownload(progress)
      return { name, value: bytes.received, total: bytes.total, note, line: `${name}: ${note}` }
    },
  })
}

/** `1.2 of 4.6 GB`, with the number of files where there are several; or what is waited for. */
export function describeDownload({ files, bytes: { received, total }, waitsFor }: DownloadProgress): string {
  if (waitsFor !== undefined) return `waiting for ${waitsFor}; goes on by itself once that one has ended`
  const [unit, divisor] = total >= 1e9 ? ['GB', 1e9] : total >= 1e6 ? ['MB', 1e6] : ['kB', 1e3]
  const number = (bytes: number): string => (bytes / divisor).toFixed(1)
  const amount = `${number(received)} of ${number(total)} ${unit}`
  return files.total === 1 ? amount : `${amount}, ${files.done} of ${files.total} files`
}
