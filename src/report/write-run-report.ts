import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DerivableRun } from '../store/run.js'
import { chunkScript } from './chunk-text.js'
import { collectReport } from './collect-report.js'
import { reportPage } from './report-page.js'
import type { WrittenReport } from './write-report.js'

/** report.html of a run and its chunks under report/, and the name of the chunk that is its index. */
export async function writeRunReport({
  run,
  signal,
}: {
  run: DerivableRun
  signal: AbortSignal | undefined
}): Promise<WrittenReport & { index: string }> {
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
    index,
  }
}

/** Chunks of earlier reports, and what a killed writer left. */
async function removeOthers({ folder, kept }: { folder: string; kept: ReadonlySet<string> }): Promise<void> {
  for (const name of await readdir(folder))
    if (/^(samples|index)-[0-9a-f]{16}\.js/.test(name) && !kept.has(name)) await rm(join(folder, name))
}
