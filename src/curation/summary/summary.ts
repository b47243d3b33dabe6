import { CURATION_TYPES, PROVOCATIONS, type CurationType, type Provocation } from '../../core/curation.js'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { DROP_REASONS } from '../verify/verdict.js'
import type { CurationDigest } from './digest.js'

/** Numbers of a list, from least to most. */
export interface Distribution {
  mean: number
  least: number
  median: number
  /** 95 of 100 do not pass it. */
  p95: number
  most: number
  total: number
}

export interface TypeFigures {
  decided: number
  kept: number
  corrected: number
  turns: Distribution | null
}

/** What of the set follows from its plan. */
export interface CurationHead {
  suite: string
  teacher: { name: string; model: string }
  planned: number
  seed: string
  /** Rows of the sources, and those that offer nothing to plan with, by reason. */
  rows: number
  unused: Readonly<Record<string, number>>
}

/** summary.json of a curated run: a pure function of its plan and samples, without times and dates. Everything but `decided`, `dropped` and `byType` is of the kept ones. */
export interface CurationSummary extends CurationHead {
  schemaVersion: 1
  kind: 'curation'
  decided: number
  kept: number
  /** Kept, after other attempts were given up. */
  corrected: number
  /** By reason, the most frequent first. */
  dropped: Record<string, number>
  /** Attempts that were given up although another one was kept, by reason. */
  rejectedAttempts: Record<string, number>
  /** The machine failed; tried again when the run is resumed. */
  failed: number
  /** The row's image cannot be used. */
  unusable: number
  byType: Partial<Record<CurationType, TypeFigures>>
  byProvocation: Partial<Record<Provocation, number>>
  byTransform: Partial<Record<Transform, number>>
  byTypeAndTransform: Partial<Record<CurationType, Partial<Record<Transform, number>>>>
  byCategory: Record<string, number>
  tools: Record<string, number>
  /** Numbers of trajectories by their assistant turns. */
  turnCounts: Record<string, number>
  turns: Distribution | null
  /** That the teacher wrote. */
  characters: Distribution | null
  /** As the teacher's server reports them. */
  promptTokens: Distribution | null
  completionTokens: Distribution | null
  /** Of the views, 28 × 28 pixels each. */
  visualTokens: Distribution | null
  /** By the tokenizer that was named: of what the teacher wrote, and of all text of the conversation; null without one. */
  textTokens: { written: Distribution; conversation: Distribution } | null
  /** Reasoning with names and numbers masked: how many different ones, and the largest share that one has. */
  skeletons: {
    different: number
    largestShare: number | null
    largestByType: Partial<Record<CurationType, number>>
  }
}

/** Summarize a curated run; the order of the samples does not matter. */
export function summarizeCuration({
  head,
  digests,
}: {
  head: CurationHead
  digests: readonly CurationDigest[]
}): CurationSummary {
  const kept = digests.filter(({ ending }) => ending === 'kept')
  const decided = digests.filter(({ ending }) => ending === 'kept' || ending === 'dropped')
  const typed = CURATION_TYPES.flatMap((type) => {
    const own = decided.filter((digest) => digest.type === type)
    return own.length > 0 ? [{ type, own, kept: own.filter(({ ending }) => ending === 'kept') }] : []
  })
  const numbers = (field: 'turns' | 'characters' | 'promptTokens' | 'completionTokens' | 'visualTokens') =>
    distribution(kept.map((digest) => digest[field]))
  return {
    schemaVersion: 1,
    kind: 'curation',
    ...head,
    decided: decided.length,
    kept: kept.length,
    corrected: correctedIn(kept),
    dropped: byReason(decided.flatMap(({ dropped }) => dropped ?? [])),
    rejectedAttempts: byReason(kept.flatMap(({ corrected }) => corrected)),
    failed: digests.filter(({ ending }) => ending === 'failed').length,
    unusable: digests.filter(({ ending }) => ending === 'unusable').length,
    byType: Object.fromEntries(
      typed.map(({ type, own, kept }): [CurationType, TypeFigures] => [
        type,
        {
          decided: own.length,
          kept: kept.length,
          corrected: correctedIn(kept),
          turns: distribution(kept.map(({ turns }) => turns)),
        },
      ]),
    ),
    byProvocation: counted({ values: kept.map(({ provocation }) => provocation), order: PROVOCATIONS }),
    byTransform: counted({ values: kept.map(({ transform }) => transform), order: TRANSFORMS }),
    byTypeAndTransform: Object.fromEntries(
      typed.map(({ type, kept }) => [
        type,
        counted({ values: kept.map(({ transform }) => transform), order: TRANSFORMS }),
      ]),
    ),
    byCategory: byName(kept.flatMap(({ category }) => category ?? [])),
    tools: byReason(kept.flatMap(({ tools }) => tools)),
    turnCounts: byName(kept.map(({ turns }) => String(turns))),
    turns: numbers('turns'),
    characters: numbers('characters'),
    promptTokens: numbers('promptTokens'),
    completionTokens: numbers('completionTokens'),
    visualTokens: numbers('visualTokens'),
    textTokens: textTokensOf(kept),
    skeletons: {
      different: new Set(kept.map(({ skeleton }) => skeleton)).size,
      largestShare: largestShare(kept),
      largestByType: Object.fromEntries(
        typed.flatMap(({ type, kept }) => {
          const share = largestShare(kept)
          return share === null ? [] : [[type, share]]
        }),
      ),
    },
  }
}

/** Null of an empty list. Percentiles by nearest rank. */
export function distribution(values: readonly number[]): Distribution | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  const total = sorted.reduce((sum, value) => sum + value, 0)
  return {
    mean: total / sorted.length,
    least: at(1 / sorted.length),
    median: at(0.5),
    p95: at(0.95),
    most: at(1),
    total,
  }
}

function textTokensOf(digests: readonly CurationDigest[]): CurationSummary['textTokens'] {
  const counted = digests.flatMap(({ textTokens }) => textTokens ?? [])
  const written = distribution(counted.map((tokens) => tokens.written))
  const conversation = distribution(counted.map((tokens) => tokens.conversation))
  return written === null || conversation === null ? null : { written, conversation }
}

function correctedIn(digests: readonly CurationDigest[]): number {
  return digests.filter(({ corrected }) => corrected.length > 0).length
}

function largestShare(digests: readonly CurationDigest[]): number | null {
  if (digests.length === 0) return null
  const counts = Object.values(byName(digests.map(({ skeleton }) => skeleton)))
  return Math.max(...counts) / digests.length
}

function counted<Name extends string>({
  values,
  order,
}: {
  values: readonly (Name | null)[]
  order: readonly Name[]
}): Partial<Record<Name, number>> {
  return Object.fromEntries(
    order.flatMap((name) => {
      const count = values.filter((value) => value === name).length
      return count === 0 ? [] : [[name, count]]
    }),
  ) as Partial<Record<Name, number>>
}

function countsOf(names: readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
}

/** In order of the alphabet. */
function byName(names: readonly string[]): Record<string, number> {
  return Object.fromEntries(countsOf(names).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The most frequent first, equally frequent ones in the order in which they are listed. */
function byReason(names: readonly string[]): Record<string, number> {
  const rank = (name: string): number => DROP_REASONS.findIndex((reason) => reason === name)
  return Object.fromEntries(
    countsOf(names).sort(([a, n], [b, m]) => m - n || rank(a) - rank(b) || (a < b ? -1 : 1)),
  )
}
