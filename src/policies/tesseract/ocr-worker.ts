import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { Worker } from 'tesseract.js'
import { ModelError } from '../../core/errors.js'
import { ocrWorkerScript } from './ocr-worker-script.js'

/** What a pool needs of a Tesseract worker. */
export type OcrWorker = Pick<Worker, 'recognize' | 'terminate'>

const DATA = '@tesseract.js-data/eng/4.0.0_best_int/eng.traineddata.gz'

/** Start one thread that reads English. @throws ModelError where the engine or its data does not load. */
export async function startOcrWorker(): Promise<OcrWorker> {
  const { createWorker, OEM } = (await import('tesseract.js')).default
  const langPath = dirname(createRequire(import.meta.url).resolve(DATA))
  try {
    return await createWorker('eng', OEM.LSTM_ONLY, {
      // The type knows paths only; threads take URLs too.
      workerPath: ocrWorkerScript() as unknown as string,
      langPath,
      cacheMethod: 'none',
      gzip: true,
      // Without a handler the library throws inside a message event; failures reach us as rejected jobs.
      errorHandler: () => undefined,
    })
  } catch (cause) {
    throw new ModelError(
      `Tesseract did not start with the data of ${langPath}: ${String(cause)}. Run npm ci again.`,
      { cause },
    )
  }
}
