import type { ReportData } from '../../report-data.js'

type PaperRow = ReportData['paper'][number]

/** Rows shown before the reader chooses: those of the run's own backbone, or the smallest pair of the paper. At most `most`. */
export function usualPaperRows({
  rows,
  model,
  most = 2,
}: {
  rows: readonly PaperRow[]
  model: string
  most?: number
}): number[] {
  const scored = rows.map((row, index) => ({ index, likeness: likeness(row.model, model) }))
  const alike = scored.filter(({ likeness }) => likeness > 0).sort((a, b) => b.likeness - a.likeness)
  const chosen = alike.length > 0 ? alike : scored
  return chosen
    .slice(0, most)
    .map(({ index }) => index)
    .sort((a, b) => a - b)
}

/** How many parts of its name (`Qwen2.5`, `VL`, `7B`) a paper's model shares with the run's; none unless its size is among them. */
function likeness(paper: string, model: string): number {
  const parts = (name: string): string[] => name.toLowerCase().split(/[^a-z0-9.]+/)
  const own = new Set(parts(model))
  const shared = parts(paper).filter((part) => own.has(part))
  return shared.some((part) => /^\d+b$/.test(part)) ? shared.length : 0
}
