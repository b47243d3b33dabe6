import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { StoreError, UsageError } from '../core/errors.js'
import { OUTCOMES, type Sample, type Score } from '../core/sample.js'
import { openRun } from '../store/open-run.js'
import type { RunReader } from '../store/run.js'
import { headOf } from './rescore.js'
import type { SummaryHead } from './summary/summary.js'

/** A run that is read, under the scoring that it was made with or that it was given afterwards. */
export interface ScoredRun {
  run: RunReader
  /** Last part of its path. */
  name: string
  /** With the scoring and the judge that decided here. */
  head: SummaryHead
  /** Every sample once, each with the score and the outcome that count; streamed. @throws UsageError at a sample that was finished after the run was scored so. */
  samples(): AsyncIterable<Sample>
}

/**
 * Open a run to be compared, printed or exported.
 * @param parameters.profile scoring that `codevision score` gave it; null: the run's own.
 * @throws UsageError when there is no run, or it was not scored so; StoreError when it is damaged.
 */
export async function openScoredRun({
  path,
  profile = null,
}: {
  path: string
  profile?: string | null
}): Promise<ScoredRun> {
  const run = await openRun({ path, mode: 'read' })
  const own = headOf(run)
  const name = basename(run.path)
  // Its own profile may have been applied again, by another judge: what was asked for by name is that.
  const isOwn = profile === own.scoring && (await run.readLines(`scores.${profile}.jsonl`)).length === 0
  if (profile === null || isOwn) return { run, name, head: own, samples: () => run.samples() }
  const scores = await readScores({ run, profile })
  const head = { ...own, scoring: profile, ...(await readJudge({ run, profile })) }
  return { run, name, head, samples: () => rescored({ run, profile, scores }) }
}

const lineSchema = z.object({
  key: z.string(),
  outcome: z.enum(OUTCOMES),
  score: z
    .object({ profile: z.string(), correct: z.boolean() })
    .loose()
    .transform((score) => score as unknown as Score)
    .nullable(),
})

type Scored = z.output<typeof lineSchema>

async function readScores({
  run,
  profile,
}: {
  run: RunReader
  profile: string
}): Promise<Map<string, Scored>> {
  const file = `scores.${profile}.jsonl`
  const lines = await run.readLines(file)
  if (lines.length === 0)
    throw new UsageError(
      `${run.path} has no scores of the profile ${profile}; make them: ${scoreCommand({ run, profile })}`,
    )
  const result = z.array(lineSchema).safeParse(lines)
  if (!result.success)
    throw new StoreError(
      `${join(run.path, file)}: expected scores, got ${z.prettifyError(result.error)}; make them again with codevision score`,
    )
  return new Map(result.data.map((line) => [line.key, line]))
}

const judgeSchema = z.object({ judge: z.string(), judgeReading: z.string().nullable() })

async function readJudge({
  run,
  profile,
}: {
  run: RunReader
  profile: string
}): Promise<Pick<SummaryHead, 'judge' | 'judgeReading'>> {
  const path = join(run.path, `summary.${profile}.json`)
  try {
    return judgeSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new StoreError(
      `${path}: expected the summary beside the scores of ${profile}; ${String(cause)}; make both again with codevision score`,
      { cause },
    )
  }
}

async function* rescored({
  run,
  profile,
  scores,
}: {
  run: RunReader
  profile: string
  scores: ReadonlyMap<string, Scored>
}): AsyncGenerator<Sample> {
  for await (const sample of run.samples()) {
    const found = scores.get(sample.key)
    if (found === undefined || !isOf({ scored: found, sample }))
      throw new UsageError(
        `${run.path}, sample ${sample.key}: expected its score of the profile ${profile}, got none: the run went on after it was scored, or the scoring was cut off; make all of them again: ${scoreCommand({ run, profile })}`,
      )
    const { outcome, score } = found
    yield { ...sample, outcome, scores: score ? { [score.profile]: score } : {} }
  }
}

/** Whether it scores what the sample is now, and not what an earlier session left of it. */
function isOf({ scored, sample }: { scored: Scored; sample: Sample }): boolean {
  if (sample.trajectory === null) return scored.outcome === sample.outcome
  return scored.score !== null || scored.outcome === 'judge-error'
}

function scoreCommand({ run, profile }: { run: RunReader; profile: string }): string {
  return `codevision score ${run.path} --profile ${profile} --judge none, or a judge`
}
