import { clusteredProportion } from '../../../evaluation/statistics/clustered-proportion.js'
import type { Interval } from '../../../evaluation/statistics/wilson.js'
import { CORE_TOOLS } from '../../../reward/tools.js'
import type { SampleRow } from '../../report-data.js'

/** How one tool was used, over the samples that were scored. */
export interface ToolRate {
  tool: string
  /** Outside the set that tasks can require (paper, section 4). */
  isEmergent: boolean
  /** Samples with a call that used it and worked. */
  samples: number
  /** Those by all scored samples, with an interval (95 %) that counts variants of one question as such. */
  share: number
  interval: Interval
  /** Correct ones among them. */
  accuracy: number
}

/** The tools of a run, those that can be required first, then by how often they were used. */
export function toolRates(rows: readonly SampleRow[]): ToolRate[] {
  const scored = rows.filter(({ value }) => value !== null)
  const counts = new Map<string, { samples: number; correct: number }>()
  for (const { tools, ending } of scored)
    for (const tool of tools) {
      const { samples, correct } = counts.get(tool) ?? { samples: 0, correct: 0 }
      counts.set(tool, { samples: samples + 1, correct: correct + Number(ending === 'correct') })
    }
  return [...counts]
    .map(([tool, { samples, correct }]) => ({
      tool,
      isEmergent: !CORE_TOOLS.has(tool),
      samples,
      share: samples / scored.length,
      interval: intervalOf({ scored, tool }),
      accuracy: correct / samples,
    }))
    .sort((a, b) => Number(a.isEmergent) - Number(b.isEmergent) || b.samples - a.samples)
}

function intervalOf({ scored, tool }: { scored: readonly SampleRow[]; tool: string }): Interval {
  const trials = scored.map(({ cluster, tools }) => ({
    cluster: String(cluster),
    success: tools.includes(tool),
  }))
  return clusteredProportion(trials) ?? [0, 1]
}
