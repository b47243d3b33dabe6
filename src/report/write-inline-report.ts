import { randomUUID } from 'node:crypto'
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { errorCode } from '../core/error-code.js'
import { StoreError, UsageError } from '../core/errors.js'
import type { DerivableRun } from '../store/run.js'
import { chunkBlock } from './chunk-text.js'
import { collectReport } from './collect-report.js'
import { reportPage } from './report-page.js'
import { runNames } from './run-names.js'
import type { WrittenReport } from './write-report.js'

/** Browsers open a page of this size in seconds; larger ones, hardly. */
const LIMIT = 200e6

/**
 * One page that holds the samples and the images of one or several runs, each image once. The images that the model saw reduced stand in it in full size only.
 * @throws UsageError when it would be larger than 200 MB, naming its size; nothing is left behind then.
 */
export async function writeInlineReport({
  runs,
  file,
  signal,
  limit = LIMIT,
}: {
  runs: readonly DerivableRun[]
  /** Where the page is written, absolute. */
  file: string
  signal?: AbortSignal | undefined
  /** In bytes. */
  limit?: number
}): Promise<WrittenReport> {
  const partial = `${file}.${randomUUID()}.partial`
  let handle: FileHandle | null = null
  try {
    handle = await open(partial, 'wx')
    const result = await fill({ runs, signal, limit, file, output: limitedOutput({ handle, limit }) })
    await handle.sync()
    await handle.close()
    await rename(partial, file)
    return result
  } catch (cause) {
    await handle?.close().catch(() => undefined)
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
  runs,
  signal,
  limit,
  file,
  output,
}: {
  runs: readonly DerivableRun[]
  signal: AbortSignal | undefined
  limit: number
  file: string
  output: Output
}): Promise<WrittenReport> {
  const names = runNames(runs.map(({ path }) => path))
  const page = await reportPage({
    title: `${names.join(', ')} · CodeVision`,
    boot: {
      isInline: true,
      runs: names.map((name, position) => ({ name, base: '', index: `${position}-index` })),
    },
  })
  await output.write(page.head)
  const images = new Map<string, DerivableRun>()
  let samples = 0
  for (const [position, run] of runs.entries())
    samples += await writeChunks({ run, position, images, output, signal })
  const sizes = await imageSizes(images)
  const encoded = [...sizes.values()].reduce((sum, size) => sum + 4 * Math.ceil(size / 3) + 110, 0)
  const whole = output.bytes + encoded + Buffer.byteLength(page.tail)
  if (whole > limit)
    throw new UsageError(
      `--inline: one page with everything would have ${megabytes(whole)} MB (${megabytes(encoded)} MB of it images), more than ${megabytes(limit)} MB, which browsers hardly open; without --inline the report is a page with chunks beside it.`,
    )
  for (const sha256 of sizes.keys()) {
    signal?.throwIfAborted()
    const data = await images.get(sha256)?.images.read(sha256)
    if (data !== undefined)
      await output.write(
        `<script type="text/plain" data-image="${sha256}">${data.toString('base64')}</script>\n`,
      )
  }
  await output.write(page.tail)
  return { file, samples, bytes: output.bytes }
}

/** The samples of a run, then its index; images that they mention are noted. Gives the number of samples. */
async function writeChunks({
  run,
  position,
  images,
  output,
  signal,
}: {
  run: DerivableRun
  position: number
  images: Map<string, DerivableRun>
  output: Output
  signal: AbortSignal | undefined
}): Promise<number> {
  const block = (name: string, json: string): Promise<void> =>
    output.write(`<script type="application/json" data-chunk="${name}">${chunkBlock(json)}</script>\n`)
  let chunks = 0
  const data = await collectReport({
    run,
    signal,
    onImage: (sha256) => images.set(sha256, run),
    async writeChunk(json) {
      const name = `${position}-samples-${chunks++}`
      await block(name, json)
      return name
    },
  })
  await block(`${position}-index`, JSON.stringify(data))
  return data.samples.key.length
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
async function imageSizes(images: ReadonlyMap<string, DerivableRun>): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (const [sha256, run] of images) {
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
