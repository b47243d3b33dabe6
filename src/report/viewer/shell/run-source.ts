import type { PageBoot, ReportData, SampleDetail, SampleRow } from '../../report-data.js'
import { sampleRows } from '../sample-rows.js'
import { loadChunk } from './load-chunk.js'

/** A run whose index is loaded. */
export interface RunSource {
  /** Its place among the page's runs. */
  position: number
  data: ReportData
  rows: readonly SampleRow[]
  byKey: ReadonlyMap<string, SampleRow>
  detail(row: SampleRow): Promise<SampleDetail>
  /** Address of an image; null where this page does not have it. */
  imageAddress(sha256: string): string | null
}

/** Chunks in memory; a reader goes back and forth between few. */
const KEPT_CHUNKS = 6

/** @throws Error naming what could not be loaded. */
export async function loadRun({ boot, position }: { boot: PageBoot; position: number }): Promise<RunSource> {
  const { isInline } = boot
  const { name = '', base = '', index = '' } = boot.runs[position] ?? {}
  // Among several runs, one may need a longer name than its own.
  const data = { ...((await loadChunk({ base, name: index, isInline })) as ReportData), name }
  const rows = sampleRows(data.samples)
  const chunks = new Map<number, Promise<SampleDetail[]>>()
  const chunk = (number: number): Promise<SampleDetail[]> => {
    const loading =
      chunks.get(number) ??
      (loadChunk({ base, name: data.chunks[number] ?? '', isInline }) as Promise<SampleDetail[]>)
    chunks.delete(number)
    chunks.set(number, loading)
    for (const oldest of chunks.keys()) if (chunks.size > KEPT_CHUNKS) chunks.delete(oldest)
    loading.catch(() => chunks.delete(number))
    return loading
  }
  return {
    position,
    data,
    rows,
    byKey: new Map(rows.map((row) => [row.key, row])),
    async detail(row) {
      const sample = (await chunk(row.chunk))[row.place]
      if (sample?.key === row.key) return sample
      throw new Error('The chunks of this report belong to another one: write the report again.')
    },
    imageAddress(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) return null
      if (!isInline) return `${base}images/${sha256}.png`
      const block = document.querySelector(`script[data-image="${sha256}"]`)
      return block === null ? null : `data:image/png;base64,${block.textContent ?? ''}`
    },
  }
}
