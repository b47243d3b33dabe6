import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { isThere } from '../../config/is-there.js'
import { StoreError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import type { CurationSummary } from '../../curation/summary/summary.js'
import { openRun } from '../../store/open-run.js'
import { curationPage } from './curation-page.js'

/** Examples of each type, and of each provocation. */
const EACH = 2

/**
 * Write curation.html of a curated run from its summary and a few of its trajectories.
 * @throws UsageError where there is no run; StoreError where it was not curated, is being written, or its disk is full.
 */
export async function writeCurationPage({ path }: { path: string }): Promise<{ file: string }> {
  const run = await openRun({ path, mode: 'derive' })
  try {
    const summary = await readSummary(run.path)
    const examples = new Map<string, Sample[]>()
    for await (const sample of run.samples()) {
      const { curation } = sample
      if (curation?.kept !== true) continue
      const kind = curation.provocation ?? curation.type
      const own = examples.get(kind) ?? []
      if (own.length < (curation.provocation === null ? EACH : 1)) examples.set(kind, [...own, sample])
    }
    const order = ['no-tool', 'single-tool', 'multi-tool', 'multi-crop', 'error-handling']
    const rank = ({ curation }: Sample): number => order.indexOf(curation?.type ?? '')
    const page = curationPage({
      name: basename(run.path),
      summary,
      hasReport: await isThere(join(run.path, 'report.html')),
      examples: [...examples.values()].flat().sort((a, b) => rank(a) - rank(b)),
    })
    await run.writeText('curation.html', page)
    return { file: join(run.path, 'curation.html') }
  } finally {
    await run.close()
  }
}

/** Whether a run is one of `codevision data curate`. */
export async function isCurated(path: string): Promise<boolean> {
  const { manifest } = await openRun({ path, mode: 'read' })
  return manifest.identity.curation !== undefined
}

const ours = z.looseObject({ kind: z.literal('curation'), schemaVersion: z.literal(1) })

async function readSummary(path: string): Promise<CurationSummary> {
  const file = join(path, 'summary.json')
  const expected = `${file}: expected the summary of a run of codevision data curate`
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new StoreError(`${expected}; ${String(cause)}`, { cause })
  })
  const { data, success } = ours.safeParse(JSON.parse(text))
  // What this program has written is of that form whole.
  if (success) return data as unknown as CurationSummary
  throw new StoreError(`${expected}, got something else`)
}
