import { createRequire } from 'node:module'
import PQueue from 'p-queue'
import { ModelError } from '../../core/errors.js'
import { unlessAborted } from '../../core/unless-aborted.js'
import { startOcrWorker, type OcrWorker } from './ocr-worker.js'
import type { PageWord } from './page.js'

/** `sparse`: words anywhere; `block`: lines of one column. */
export type OcrLayout = 'sparse' | 'block'

/** Page segmentation modes of Tesseract. */
const SEGMENTATION: Readonly<Record<OcrLayout, string>> = { sparse: '11', block: '6' }

/** Program and data that read, by name and version. */
export const OCR_MODEL = `tesseract.js-${versionOf('tesseract.js')}/eng-4.0.0_best_int-${versionOf('@tesseract.js-data/eng')}`

/** Tesseract workers (threads with WebAssembly), each started at its first reading. */
export interface OcrPool {
  /**
   * Words of a PNG or JPEG file. A reading that is aborted gives its worker free at once: one that waits is dropped, and a worker that reads is ended, since
   * nothing else stops it, and replaced.
   * @throws ModelError when it cannot be decoded, the engine does not start, or the pool is closed meanwhile; the signal's reason.
   */
  read(parameters: {
    image: Buffer
    layout: OcrLayout
    signal?: AbortSignal | undefined
  }): Promise<PageWord[]>
  /** Start the workers now. @throws ModelError where one does not start; the others are ended then. */
  start(): Promise<void>
  close(): Promise<void>
}

/** The place of one worker. */
interface Seat {
  worker?: Promise<OcrWorker> | undefined
}

/** @param startWorker tests pass their own. */
export function createOcrPool({
  size,
  startWorker = startOcrWorker,
}: {
  size: number
  startWorker?: () => Promise<OcrWorker>
}): OcrPool {
  const seats = Array.from({ length: size }, (): Seat => ({}))
  const idle = [...seats]
  const queue = new PQueue({ concurrency: size })
  const readings = new Set<AbortController>()

  const workerOf = (seat: Seat): Promise<OcrWorker> => {
    seat.worker ??= startWorker()
    const { worker } = seat
    worker.catch(() => {
      // The next reading tries again.
      if (seat.worker === worker) seat.worker = undefined
    })
    return worker
  }

  const readAt = async (seat: Seat, { image, layout, signal }: Reading): Promise<PageWord[]> => {
    const worker = await unlessAborted(workerOf(seat), signal)
    signal.throwIfAborted()
    try {
      const reading = worker.recognize(image, engineParameters(layout), { text: false, blocks: true })
      return wordsOf((await unlessAborted(reading, signal)).data)
    } catch (cause) {
      if (!signal.aborted)
        throw new ModelError(
          `Tesseract could not read an image of ${image.length.toString()} bytes: ${String(cause)}`,
          { cause },
        )
      await end(seat)
      void workerOf(seat)
      throw cause
    }
  }

  return {
    read: async ({ image, layout, signal }) => {
      signal?.throwIfAborted()
      const stop = new AbortController()
      const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal])
      readings.add(stop)
      const work = queue.add(async () => {
        either.throwIfAborted()
        const seat = idle.pop()
        if (!seat) throw new ModelError('Tesseract has more readings under way than workers.')
        try {
          return await readAt(seat, { image, layout, signal: either })
        } finally {
          idle.push(seat)
        }
      })
      try {
        return await unlessAborted(work, either)
      } finally {
        readings.delete(stop)
      }
    },
    start: async () => {
      const started = await Promise.allSettled(seats.map(workerOf))
      const failure = started.find((result) => result.status === 'rejected')
      if (!failure) return
      await Promise.all(seats.map(end))
      throw failure.reason
    },
    close: async () => {
      for (const reading of readings) reading.abort(new ModelError('The OCR was closed while it read.'))
      await queue.onIdle()
      await Promise.all(seats.map(end))
    },
  }
}

interface Reading {
  image: Buffer
  layout: OcrLayout
  signal: AbortSignal
}

async function end(seat: Seat): Promise<void> {
  const { worker } = seat
  seat.worker = undefined
  // A start that failed has left nothing to stop, and was told to whoever waited for it.
  const started = await worker?.catch(() => undefined)
  await started?.terminate()
}

function wordsOf({ blocks }: Awaited<ReturnType<OcrWorker['recognize']>>['data']): PageWord[] {
  return (blocks ?? []).flatMap((block) =>
    block.paragraphs.flatMap((paragraph) =>
      paragraph.lines.flatMap((line) =>
        line.words.map(({ text, confidence, bbox }) => ({
          text,
          confidence,
          box: [bbox.x0, bbox.y0, bbox.x1, bbox.y1] as const,
        })),
      ),
    ),
  )
}

/**
 * Parameters of the engine; the library passes them through the options of a job and puts the old ones back after it. The resolution is said,
 * so that a reading does not hang on what a file says of itself; the log would go to stderr.
 */
function engineParameters(layout: OcrLayout): object {
  return {
    tessedit_pageseg_mode: SEGMENTATION[layout],
    user_defined_dpi: '150',
    debug_file: '/dev/null',
  }
}

function versionOf(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { version: string }
  return manifest.version
}
