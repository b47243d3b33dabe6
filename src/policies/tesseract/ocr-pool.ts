import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Scheduler, Worker } from 'tesseract.js'
import { ModelError } from '../../core/errors.js'
import { ocrWorkerScript } from './ocr-worker-script.js'
import type { PageWord } from './page.js'

/** `sparse`: words anywhere; `block`: lines of one column. */
export type OcrLayout = 'sparse' | 'block'

/** Page segmentation modes of Tesseract. */
const SEGMENTATION: Readonly<Record<OcrLayout, string>> = { sparse: '11', block: '6' }

const DATA = '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz'

/** Program and data that read, by name and version. */
export const OCR_MODEL = `tesseract.js-${versionOf('tesseract.js')}/eng-4.0.0_best_int-${versionOf('@tesseract.js-data/eng')}`

/** Tesseract workers (threads with WebAssembly), started at the first reading. */
export interface OcrPool {
  /** Words of a PNG or JPEG file. Throws `ModelError` when it cannot be decoded or the engine does not start. */
  read(parameters: { image: Buffer; layout: OcrLayout }): Promise<PageWord[]>
  /** Start the workers now. */
  start(): Promise<void>
  close(): Promise<void>
}

export function createOcrPool({ size }: { size: number }): OcrPool {
  let scheduler: Promise<Scheduler> | undefined
  const start = (): Promise<Scheduler> => (scheduler ??= startScheduler({ size }))

  return {
    read: async ({ image, layout }) => {
      const pool = await start()
      const { data } = await pool
        .addJob('recognize', image, engineParameters(layout), { text: false, blocks: true })
        .catch((cause: unknown) => {
          throw new ModelError(
            `Tesseract could not read an image of ${image.length.toString()} bytes: ${String(cause)}`,
            { cause },
          )
        })
      return (data.blocks ?? []).flatMap((block) =>
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
    },
    start: async () => {
      await start()
    },
    close: async () => {
      const started = scheduler
      scheduler = undefined
      // A start that failed has left nothing to stop, and was told to whoever waited for it.
      const pool = await started?.catch(() => undefined)
      await pool?.terminate()
    },
  }
}

async function startScheduler({ size }: { size: number }): Promise<Scheduler> {
  const { createScheduler, createWorker, OEM } = (await import('tesseract.js')).default
  const langPath = dirname(createRequire(import.meta.url).resolve(DATA))
  const scheduler = createScheduler()
  const starting = Array.from({ length: size }, () =>
    createWorker('eng', OEM.LSTM_ONLY, {
      // The type knows paths only; threads take URLs too.
      workerPath: ocrWorkerScript() as unknown as string,
      langPath,
      cacheMethod: 'none',
      gzip: true,
      // Without a handler the library throws inside a message event; failures reach us as rejected jobs.
      errorHandler: () => undefined,
    }),
  )
  const results = await Promise.allSettled(starting)
  const workers = results.flatMap((result): Worker[] => (result.status === 'fulfilled' ? [result.value] : []))
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) {
    await Promise.all(workers.map((worker) => worker.terminate()))
    throw new ModelError(
      `Tesseract did not start with the data of ${langPath}: ${String(failure.reason)}. Run npm ci again.`,
      {
        cause: failure.reason,
      },
    )
  }
  for (const worker of workers) scheduler.addWorker(worker)
  return scheduler
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
