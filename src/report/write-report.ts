import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DerivableRun } from '../store/run.js'
import { openRun } from '../store/open-run.js'
import { chunkScript } from './chunk-text.js'
import { collectReport } from './collect-report.js'
import { reportPage } from './report-page.js'
import { writeInlineReport } from './write-inline-report.js'

export interface WrittenReport {
  /** The page, absolute. */
  file: string
  samples: number
  /** Of the page and its chunks; images, which the run holds anyway, only where they stand in the page. */
  bytes: number
}

/**
 * Write the report of a run: report.html, whole samples in chunks under report/, images where they are. `inline`: one page that holds everything,
 * report-inline.html. Chunks are named by their content, and the page is replaced last, so that an old report works until the new one is there.
 * @throws UsageError where there is no run, or a page with everything would be larger than 200 MB; StoreError where the run is being written (look at it with
 *   `codevision view` then), damaged, or its disk is full; AbortError.
 */
export async function writeReport({
  path,
  inline = false,
  signal,
}: {
  /** The run folder. */
  path: string
  inline?: boolean
  signal?: AbortSignal
}): Promise<WrittenReport> {
  const run = await openRun({ path, mode: 'derive' })
  try {
    return await (inline ? writeInlineReport({ run, signal }) : writeFolderReport({ run, signal }))
  } finally {
    await run.close()
  }
}

async function writeFolderReport({
  run,
  signal,
}: {
  run: DerivableRun
  signal: AbortSignal | undefined
}): Promise<WrittenReport> {
  const written = new Set<string>()
  let bytes = 0
  const write = async (kind: string, json: string): Promise<string> => {
    const name = `${kind}-${createHash('sha256').update(json).digest('hex').slice(0, 16)}.js`
    const text = chunkScript(json)
    bytes += Buffer.byteLength(text)
    await run.writeText(`report/${name}`, text)
    written.add(name)
    return name
  }
  const data = await collectReport({ run, signal, writeChunk: (json) => write('samples', json) })
  const index = await write('index', JSON.stringify(data))
  const page = await reportPage({
    title: `${data.name} · CodeVision`,
    boot: { isInline: false, runs: [{ name: data.name, base: '', index }] },
  })
  const html = page.head + page.tail
  await run.writeText('report.html', html)
  await removeOthers({ folder: join(run.path, 'report'), kept: written })
  return {
    file: join(run.path, 'report.html'),
    samples: data.samples.key.length,
    bytes: bytes + Buffer.byteLength(html),
  }
}

/** Chunks of earlier reports, and what a killed writer left. */
async function removeOthers({ folder, kept }: { folder: string; kept: ReadonlySet<string> }): Promise<void> {
  for (const name of await readdir(folder))
    if (/^(samples|index)-[0-9a-f]{16}\.js/.test(name) && !kept.has(name)) await rm(join(folder, name))
}
