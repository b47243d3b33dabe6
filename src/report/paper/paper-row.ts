import { UsageError } from '../../core/errors.js'
import type { SuiteDefinition } from '../../data/suite-definition.js'

export type PaperFigures = SuiteDefinition['figures'][number]

/** The row of the paper's tables that a run stands beside, and who says so. */
export interface PaperRow {
  figures: PaperFigures
  /** `configuration`: `paperRow` names it; `guess`: from the model's name. */
  by: 'configuration' | 'guess'
}

/**
 * Find the row of a run: the one that the configuration names, else the one whose name is the longest that stands in the model's (`Qwen/Qwen2.5-VL-7B-Instruct` holds
 * `Qwen2.5-VL-7B`), case and punctuation aside. Null where no row fits.
 * @throws UsageError when the configuration names a row that the suite does not have.
 */
export function paperRow({
  named,
  model,
  figures,
}: {
  named: string | null
  model: string
  figures: readonly PaperFigures[]
}): PaperRow | null {
  if (named !== null) {
    const found = figures.find((row) => plain(row.model) === plain(named))
    if (found !== undefined) return { figures: found, by: 'configuration' }
    if (figures.length === 0) return null
    throw new UsageError(
      `paperRow: expected one of ${figures.map((row) => row.model).join(', ')}, got "${named}"`,
    )
  }
  const id = plain(model)
  const [best] = figures
    .filter((row) => id.includes(plain(row.model)))
    .sort((a, b) => b.model.length - a.model.length)
  return best === undefined ? null : { figures: best, by: 'guess' }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
