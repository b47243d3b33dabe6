import { createHash } from 'node:crypto'
import { pythonStr } from '../core/python/repr.js'
import type { AnalyzableCall, StaticAnalysis, ToolAnalyzer } from '../core/tool-analysis.js'

/** Texts whose analyses are kept. */
const MOST_TEXTS = 100_000

/**
 * An analyzer that reads each text once, however often it comes; the texts that came last are remembered. What may end otherwise the next time (a deadline, a
 * memory limit) is not remembered.
 */
export function rememberedAnalyzer(
  analyzer: ToolAnalyzer,
  { mostTexts = MOST_TEXTS }: { mostTexts?: number } = {},
): ToolAnalyzer {
  const known = new Map<string, StaticAnalysis>()
  return {
    async analyze(calls, options) {
      const keys = calls.map(keyOf)
      const found = new Map<string, StaticAnalysis>()
      const unread = new Map<string, AnalyzableCall>()
      keys.forEach((key, index) => {
        const analysis = known.get(key)
        const call = calls[index]
        if (analysis !== undefined) found.set(key, analysis)
        else if (call !== undefined) unread.set(key, call)
      })
      const analyses = await analyzer.analyze([...unread.values()], options)
      ;[...unread.keys()].forEach((key, index) => {
        const analysis = analyses[index]
        if (analysis !== undefined) found.set(key, analysis)
      })
      for (const [key, analysis] of found) if (isLasting(analysis)) remember(key, analysis)
      return keys.flatMap((key) => found.get(key) ?? [])
    },
  }

  function remember(key: string, analysis: StaticAnalysis): void {
    known.delete(key)
    known.set(key, analysis)
    for (const oldest of known.keys()) {
      if (known.size <= mostTexts) return
      known.delete(oldest)
    }
  }
}

function isLasting({ problem }: StaticAnalysis): boolean {
  return problem === null || problem.kind === 'too-long' || problem.kind === 'raised'
}

function keyOf({ code, description = null }: AnalyzableCall): string {
  const text = JSON.stringify([code, typeof description, pythonStr(description)])
  return createHash('sha256').update(text).digest('base64')
}
