import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openRun } from '../store/open-run.js'
import type { RunReader } from '../store/run.js'
import { chunkScript } from './chunk-text.js'
import { collectReport } from './collect-report.js'
import type { PageBoot } from './report-data.js'
import { reportPage } from './report-page.js'
import { runNames } from './run-names.js'

/** A page over several runs, and where its files lie. */
export interface PreparedView {
  page: string
  /** The file of a chunk, with the folder that it must lie in; null for anything else. */
  chunkFile(asked: { run: string; name: string }): { folder: string; path: string } | null
  /** The file of an image; null likewise. */
  imageFile(asked: { run: string; name: string }): { folder: string; path: string } | null
  remove(): Promise<void>
}

/** Read runs and keep their chunks in a folder of their own: run folders may be read-only, and are not changed. */
export async function prepareView({
  paths,
  scratch,
  signal,
}: {
  paths: readonly string[]
  scratch: string
  signal: AbortSignal | undefined
}): Promise<PreparedView> {
  const runs = await Promise.all(paths.map((path) => openRun({ path, mode: 'read' })))
  const folder = await mkdtemp(join(scratch, 'codevision-view-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const boot: PageBoot = { isInline: false, runs: [] }
    const names = new Set<string>()
    const runsNamed = runNames(runs.map(({ path }) => path))
    for (const [position, run] of runs.entries()) {
      const name = runsNamed[position] ?? ''
      boot.runs.push({ name, ...(await prepareRun({ run, position, folder, names, signal })) })
    }
    const title = `${boot.runs.map(({ name }) => name).join(', ')} · CodeVision`
    const { head, tail } = await reportPage({ title, boot })
    return {
      page: head + tail,
      chunkFile: ({ run, name }) =>
        names.has(`${run}-${name}`) ? { folder, path: join(folder, `${run}-${name}`) } : null,
      imageFile({ run, name }) {
        const reader = /^\d{1,4}$/.test(run) ? runs[Number(run)] : undefined
        const sha256 = /^([0-9a-f]{64})\.png$/.exec(name)?.[1]
        if (reader === undefined || sha256 === undefined) return null
        return { folder: reader.path, path: reader.images.pathOf(sha256) }
      },
      remove,
    }
  } catch (cause) {
    await remove()
    throw cause
  }
}

async function prepareRun({
  run,
  position,
  folder,
  names,
  signal,
}: {
  run: RunReader
  position: number
  folder: string
  names: Set<string>
  signal: AbortSignal | undefined
}): Promise<Omit<PageBoot['runs'][number], 'name'>> {
  const write = async (kind: string, json: string): Promise<string> => {
    const name = `${kind}-${createHash('sha256').update(json).digest('hex').slice(0, 16)}.js`
    await writeFile(join(folder, `${position}-${name}`), chunkScript(json))
    names.add(`${position}-${name}`)
    return name
  }
  const data = await collectReport({ run, signal, writeChunk: (json) => write('samples', json) })
  const index = await write('index', JSON.stringify(data))
  return { base: `runs/${position}/`, index }
}
