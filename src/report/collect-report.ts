import { basename } from 'node:path'
import type { Sample } from '../core/sample.js'
import { digestOf, type SampleDigest } from '../evaluation/summary/digest.js'
import { headOf } from '../evaluation/rescore.js'
import { summarize } from '../evaluation/summary/summary.js'
import type { RunReader } from '../store/run.js'
import { paperFigures } from './paper-figures.js'
import { readDerived } from './read-derived.js'
import type { ReportData, ReportTotals, SampleDetail } from './report-data.js'
import { sampleColumns } from './sample-columns.js'
import { readTrainingCurves } from './training-curves.js'

/** A chunk is closed when its text is this long: loaded in an instant, and few enough files. */
const CHUNK_CHARACTERS = 2 ** 19

/**
 * Read a run once, streamed: whole samples are handed over in chunks (JSON arrays), what is known of all of them comes back. Memory grows with the number of
 * samples and not with what they wrote.
 * @param parameters.writeChunk keeps a chunk and says by which name the page finds it.
 * @param parameters.onImage told of every image of a trajectory, by its hash, again for each mention.
 * @throws StoreError for a damaged run, and for one that is no evaluation.
 */
export async function collectReport({
  run,
  writeChunk,
  onImage,
  signal,
}: {
  run: RunReader
  writeChunk: (json: string) => Promise<string>
  onImage?: (sha256: string) => void
  signal?: AbortSignal | undefined
}): Promise<ReportData> {
  const head = headOf(run)
  const derived = await readDerived(run)
  const { columns, add } = sampleColumns()
  const { totals, count } = totalsCounter()
  const digests: SampleDigest[] = []
  const chunks: string[] = []
  let open: string[] = []
  let length = 0
  const flush = async (): Promise<void> => {
    if (open.length === 0) return
    const json = `[${open.join(',')}]`
    ;[open, length] = [[], 0]
    chunks.push(await writeChunk(json))
  }
  for await (const sample of run.samples()) {
    signal?.throwIfAborted()
    const detail: SampleDetail = { ...sample, derived: derived.of(sample.key) }
    const json = JSON.stringify(detail)
    if (length + json.length > CHUNK_CHARACTERS) await flush()
    const digest = digestOf(sample)
    digests.push(digest)
    add(sample, digest, { chunk: chunks.length, place: open.length })
    count(sample)
    open.push(json)
    length += json.length
    for (const { sha256 } of sample.trajectory?.images ?? []) onImage?.(sha256)
  }
  await flush()
  return {
    version: 1,
    name: basename(run.path),
    manifest: run.manifest,
    summary: summarize({ head, digests: digests.sort((a, b) => (a.key < b.key ? -1 : 1)) }),
    totals,
    usage: derived.usage,
    paper: await paperFigures(head.suite),
    rewards: derived.rewards,
    training: await readTrainingCurves(run),
    samples: columns,
    chunks,
  }
}

function totalsCounter(): { totals: ReportTotals; count: (sample: Sample) => void } {
  const totals: ReportTotals = {
    ...{ totalMs: 0, modelMs: 0, sandboxMs: 0, judgeMs: 0 },
    ...{ promptTokens: 0, completionTokens: 0, repetitions: 0, errorKinds: [] },
  }
  const kinds = new Map<string, [string, number]>()
  return {
    totals,
    count({ timings, trajectory, attempts }) {
      for (const name of ['totalMs', 'modelMs', 'sandboxMs', 'judgeMs'] as const)
        totals[name] += timings[name]
      totals.promptTokens += trajectory?.usage.promptTokens ?? 0
      totals.completionTokens += trajectory?.usage.completionTokens ?? 0
      totals.repetitions += Math.max(0, attempts - 1)
      for (const { execution } of trajectory?.calls ?? []) {
        if (execution.status === 'ok') continue
        const entry = kinds.get(execution.kind) ?? [execution.kind, 0]
        entry[1]++
        if (!kinds.has(execution.kind)) totals.errorKinds.push(entry)
        kinds.set(execution.kind, entry)
      }
    },
  }
}
