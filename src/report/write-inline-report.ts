import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../core/error-code.js'
import { StoreError, UsageError } from '../core/errors.js'
import type { DerivableRun } from '../store/run.js'
import { chunkBlock } from './chunk-text.js'
import { collectReport } from './collect-report.js'
import { reportPage } from './report-page.js'
import type { WrittenReport } from './write-report.js'

/** Browsers open a page of this size in seconds; larger ones, hardly. */
const LIMIT = 200e6

/**
 * One page that holds the samples and the images of a run. The images that the model saw reduced stand in it in full size only.
 * @throws UsageError when it would be larger than 200 MB, naming its size; nothing is left behind then.
 */
export async function writeInlineReport({
  run,
  signal,
  limit = LIMIT,
}: {
  run: DerivableRun
  signal?: AbortSignal | undefined
  /** In bytes. */
  limit?: number
}): Promise<WrittenReport> {
  const file = join(run.path, 'report-inline.html')
  const partial = `${file}.${randomUUID()}.partial`
  const handle = await open(partial, 'wx')
  try {
    const result = await fill({ run, signal, limit, file, output: limitedOutput({ handle, limit }) })
    await handle.sync()
    await handle.close()
    await rename(partial, file)
    return result
  } catch (cause) {
    await handle.close().catch(() => undefined)
    await rm(partial, { force: true })
    if (errorCode(cause) === null || !(cause instanceof Error)) throw cause
    throw new StoreError(
      `${file} could not be written: ${String(cause)}; free space or permissions, then try again`,
      { cause },
    )
  }
}

interface Output {
  /** Bytes so far, those beyond the limit counted and not written. */
  bytes: number
  write(text: string): Promise<void>
}

async function fill({
  run,
  signal,
  limit,
  file,
  output,
}: {
  run: DerivableRun
  signal: AbortSignal | undefined
  limit: number
  file: string
  output: Output
}): Promise<WrittenReport> {
  const images = new Set<string>()
  let chunks = 0
  const block = (name: string, json: string): Promise<void> =>
    output.write(`<script type="application/json" data-chunk="${name}">${chunkBlock(json)}</script>\n`)
  const page = await reportPage({
    title: `${run.path.split(/[\\/]/).at(-1) ?? ''} · CodeVision`,
    boot: {
      isInline: true,
      runs: [{ name: run.path.split(/[\\/]/).at(-1) ?? '', base: '', index: 'index' }],
    },
  })
  await output.write(page.head)
  const data = await collectReport({
    run,
    signal,
    onImage: (sha256) => images.add(sha256),
    async writeChunk(json) {
      const name = `samples-${chunks++}`
      await block(name, json)
      return name
    },
  })
  await block('index', JSON.stringify(data))
  const sizes = await imageSizes({ run, images })
  const encoded = [...sizes.values()].reduce((sum, size) => sum + 4 * Math.ceil(size / 3) + 110, 0)
  const whole = output.bytes + encoded + Buffer.byteLength(page.tail)
  if (whole > limit)
    throw new UsageError(
      `--inline: one page with everything would have ${megabytes(whole)} MB (${megabytes(encoded)} MB of it images), more than ${megabytes(limit)} MB, which browsers hardly open; without --inline the report is a page with chunks beside it.`,
    )
  for (const sha256 of sizes.keys()) {
    signal?.throwIfAborted()
    const data = (await run.images.read(sha256)).toString('base64')
    await output.write(`<script type="text/plain" data-image="${sha256}">${data}</script>\n`)
  }
  await output.write(page.tail)
  return { file, samples: data.samples.key.length, bytes: output.bytes }
}

function limitedOutput({ handle, limit }: { handle: FileHandle; limit: number }): Output {
  return {
    bytes: 0,
    async write(text) {
      this.bytes += Buffer.byteLength(text)
      if (this.bytes <= limit) await handle.appendFile(text)
    },
  }
}

/** Images that are not there are left out; the page says so where it misses one. */
async function imageSizes({
  run,
  images,
}: {
  run: DerivableRun
  images: ReadonlySet<string>
}): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const sha256 of images) {
    const size = await stat(run.images.pathOf(sha256)).then(
      (found) => found.size,
      () => null,
    )
    if (size !== null) sizes.set(sha256, size)
  }
  return sizes
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)
}
