import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { PassThrough, Writable, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { pick } from 'stream-json/filters/pick.js'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { verifier } from 'stream-json/utils/verifier.js'
import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { errorCode } from '../../core/error-code.js'
import { UsageError } from '../../core/errors.js'
import { hiertextAnnotation, type HiertextAnnotation } from './hiertext-annotation.js'

const EXPECTED = 'expected HierText annotations: one JSON object {"info": …, "annotations": […]}'
/** Only what the reader hands on is kept; pieces of texts and numbers would be made for nobody. */
const WHOLE_TOKENS = { packKeys: true, packStrings: true, packNumbers: true, streamValues: false }
const item = z.object({ value: z.unknown() })

/**
 * The annotations of a HierText file, plain or gzipped (told by its first bytes, whatever its name), one image at a time: the published
 * files are one JSON object of hundreds of megabytes each, although they are named `.jsonl`.
 * @param onRead gets the share of the file that was read, 0 to 1
 * @throws UsageError when the file cannot be read, is no JSON (with the place of the mistake), or an annotation lacks what it must have.
 */
export async function* readHiertext({
  path,
  signal,
  onRead = () => undefined,
}: {
  path: string
  signal?: AbortSignal | undefined
  onRead?: (share: number) => void
}): AsyncGenerator<HiertextAnnotation, void> {
  const { streams, size, source } = await openText(path)
  const items = streamArray.asStream()
  const out = new PassThrough({ objectMode: true, highWaterMark: 1 })
  const stopping = new AbortController()
  const flow = pipeline(
    [...streams, pick.withParserAsStream({ ...WHOLE_TOKENS, filter: 'annotations' }), items, out],
    { signal: signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]) },
  )
  // Its failure reaches the loop below through the stream; awaited again at the end.
  flow.catch(() => undefined)
  let index = 0
  try {
    for await (const given of out) {
      yield parse({ value: item.parse(given).value, index: index++, path })
      onRead(size === 0 ? 1 : source.bytesRead / size)
    }
    await flow
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    signal?.throwIfAborted()
    throw await explained({ cause, path })
  } finally {
    stopping.abort()
  }
  if (index === 0) throw new UsageError(`${path}: ${EXPECTED}, found no annotation in it`)
}

async function openText(path: string): Promise<{
  streams: [Readable, ...(ReturnType<typeof createGunzip> | PassThrough)[]]
  source: ReturnType<typeof createReadStream>
  size: number
}> {
  try {
    const { size } = await stat(path)
    const handle = await open(path)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0).finally(() => handle.close())
    const isGzipped = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
    const source = createReadStream(path)
    return { streams: isGzipped ? [source, createGunzip()] : [source], source, size }
  } catch (cause) {
    throw new UsageError(`${path}: ${EXPECTED}; ${String(cause)}`, { cause })
  }
}

function parse({ value, index, path }: { value: unknown; index: number; path: string }): HiertextAnnotation {
  const result = hiertextAnnotation.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const where = (): string => `${path}, annotation ${index + 1}`
  const [first = ''] = explainIssues({ error: result.error, schema: hiertextAnnotation, where })
  throw new UsageError(first, { cause: result.error })
}

/** The parser does not say where it failed; the validator reads the file again and does. */
async function explained({ cause, path }: { cause: unknown; path: string }): Promise<UsageError> {
  const code = errorCode(cause)
  if (code !== null) {
    const advice = code.startsWith('Z_')
      ? 'the gzipped file is damaged or cut off; fetch it again'
      : 'it cannot be read'
    return new UsageError(`${path}: ${advice} (${String(cause)})`, { cause })
  }
  const { streams } = await openText(path)
  const nowhere = new Writable({ objectMode: true, write: (_chunk, _encoding, done) => done() })
  const place: unknown = await pipeline([...streams, verifier.asStream(), nowhere]).then(
    () => null,
    (error: unknown) => error,
  )
  const found = z.object({ offset: z.number(), line: z.number(), pos: z.number() }).safeParse(place)
  if (!found.success) return new UsageError(`${path}: ${EXPECTED}; ${String(cause)}`, { cause })
  const { offset, line, pos } = found.data
  return new UsageError(
    `${path}: ${EXPECTED}; the JSON breaks off or is wrong at character ${offset} (line ${line}, column ${pos}): ${String(cause)}`,
    { cause },
  )
}
