import { UsageError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { creditOf, isScored } from '../summary/credit.js'
import { digestOf } from '../summary/digest.js'
import { groupBy } from '../summary/group-by.js'
import type { ScoredRun } from '../scored-run.js'
import type { SummaryHead } from '../summary/summary.js'
import { flippedAnswer, type Flip, type FlippedAnswer } from './flip.js'
import { pairedFigures, type Graded, type Pair, type PairedFigures } from './paired-figures.js'
import { runDifferences, type RunDifferences } from './run-differences.js'

/** Run B held against run A, over the samples that both have scored. */
export interface Comparison {
  a: ComparedRun
  b: ComparedRun
  /** Differences in suite, data, scoring or judge that were overridden; empty where the runs belong together. */
  forced: string[]
  /** Settings in which the runs differ. */
  settings: string[]
  /** Samples that only one of them has scored: in no figure. */
  onlyA: number
  onlyB: number
  overall: PairedFigures
  byTransform: Partial<Record<Transform, PairedFigures>>
  byCategory: Record<string, PairedFigures>
  /** Sorted by key. `gained`: B earned more; without partial credit, A wrong and B right. */
  flips: { gained: Flip[]; lost: Flip[] }
}

export interface ComparedRun extends Pick<SummaryHead, 'suite' | 'policy' | 'scoring' | 'judge'> {
  name: string
  path: string
}

type Tagged = Pair & { key: string; transform: Transform; category: string | null }

/**
 * Compare two runs sample by sample; of A only grades and answers are held in memory, B is streamed.
 * @param parameters.force compare runs of different suites, data, scoring or judges too.
 * @throws UsageError for such runs without `force`, and where no sample is scored in both; StoreError when a run is damaged.
 */
export async function compareRuns({
  a,
  b,
  force = false,
}: {
  a: ScoredRun
  b: ScoredRun
  force?: boolean
}): Promise<Comparison> {
  const { refusing, hasSameData, settings } = runDifferences({ a, b })
  if (refusing.length > 0 && !force) throw new UsageError(refusal({ a, b, refusing, hasSameData }))
  const first = await gradesOf(a)
  const pairs: Tagged[] = []
  const flips: Comparison['flips'] = { gained: [], lost: [] }
  let onlyB = 0
  for await (const sample of b.samples()) {
    const grade = gradeOf({ sample, runPath: b.run.path })
    if (grade === null) continue
    const partner = first.get(sample.key)
    if (partner === undefined) {
      onlyB++
      continue
    }
    const { key, transform, category = null } = sample
    pairs.push({ cluster: grade.cluster, key, transform, category, a: partner.graded, b: grade.graded })
    const earned = grade.graded.credit - partner.graded.credit
    if (earned === 0) continue
    const { taskId, question, answers } = sample
    const flip = { key, taskId, transform, category, question, answers, a: partner.answer, b: grade.answer }
    flips[earned > 0 ? 'gained' : 'lost'].push(flip)
  }
  pairs.sort(byKey)
  const overall = pairedFigures(pairs)
  if (overall === null)
    throw new UsageError(
      `${a.run.path} and ${b.run.path}: expected samples that both have scored, got none; are they runs over the same rows?`,
    )
  return {
    a: comparedRun(a),
    b: comparedRun(b),
    forced: refusing,
    settings,
    onlyA: first.size - pairs.length,
    onlyB,
    overall,
    ...figuresByGroup(pairs),
    flips: { gained: flips.gained.sort(byKey), lost: flips.lost.sort(byKey) },
  }
}

interface Grade {
  cluster: string
  graded: Graded
  answer: FlippedAnswer
}

async function gradesOf({ run, samples }: ScoredRun): Promise<Map<string, Grade>> {
  const grades = new Map<string, Grade>()
  for await (const sample of samples()) {
    const grade = gradeOf({ sample, runPath: run.path })
    if (grade !== null) grades.set(sample.key, grade)
  }
  return grades
}

/** Null where the sample was not scored. */
function gradeOf({ sample, runPath }: { sample: Sample; runPath: string }): Grade | null {
  const digest = digestOf(sample)
  if (!isScored(digest)) return null
  const credit = creditOf(digest)
  return {
    cluster: digest.cluster,
    graded: { correct: digest.outcome === 'correct', credit },
    answer: flippedAnswer({ sample, credit, runPath }),
  }
}

function figuresByGroup(pairs: readonly Tagged[]): Pick<Comparison, 'byTransform' | 'byCategory'> {
  const figures = (groups: ReadonlyMap<string, Tagged[]>, names: readonly string[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const found = pairedFigures(groups.get(name) ?? [])
        return found === null ? [] : [[name, found]]
      }),
    )
  const categories = groupBy(
    pairs.filter(({ category }) => category !== null),
    ({ category }) => category ?? '',
  )
  return {
    byTransform: figures(
      groupBy(pairs, ({ transform }) => transform),
      TRANSFORMS,
    ),
    byCategory: figures(categories, [...categories.keys()].sort()),
  }
}

function comparedRun({ name, run, head: { suite, policy, scoring, judge } }: ScoredRun): ComparedRun {
  return { name, path: run.path, suite, policy, scoring, judge }
}

function refusal({
  a,
  b,
  refusing,
  hasSameData,
}: { a: ScoredRun; b: ScoredRun } & Pick<RunDifferences, 'refusing' | 'hasSameData'>): string {
  return [
    `${a.run.path} (A) and ${b.run.path} (B) do not belong in one table:`,
    ...refusing.map((line) => `  ${line}`),
    hasSameData
      ? 'Score both under one profile (codevision score, then compare --profile), or compare them all the same with --force.'
      : 'Compare runs of the same data, or these all the same with --force.',
  ].join('\n')
}

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1
}
