import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../core/error-code.js'
import { StoreError } from '../core/errors.js'
import { OUTCOMES } from '../core/sample.js'
import type { RunReader } from '../store/run.js'
import type { RewardMeans, RunUsage, SampleDetail } from './report-data.js'

/** What later commands derived of a run: rewards, and scores under other profiles. */
export interface Derived {
  rewards: RewardMeans[]
  usage: RunUsage
  /** What belongs to one sample. */
  of(key: string): SampleDetail['derived']
}

const numbers = z.record(z.string(), z.number())
const means = z.object({ n: z.number(), means: numbers })
const rewardSummary = z.object({ overall: means, byOutcome: z.record(z.string(), means) })
const rewardLine = z.object({
  key: z.string(),
  total: z.number(),
  parts: numbers,
  reasons: z.array(z.string()),
})
const judged = z.object({
  model: z.string(),
  reading: z.string().optional(),
  prompt: z.string(),
  response: z.string(),
})
const scoreLine = z.object({
  key: z.string(),
  outcome: z.enum(OUTCOMES),
  score: z
    .object({
      profile: z.string(),
      answer: z.string().nullable(),
      correct: z.boolean(),
      value: z.number().optional(),
      rule: z.string(),
      judge: judged.nullable(),
    })
    .nullable(),
})
const modelUsage = z
  .object({
    model: z.string(),
    calls: z.number(),
    cached: z.number(),
    promptTokens: z.number(),
    completionTokens: z.number(),
    cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
  })
  .nullable()
  .catch(null)
const usage = z.object({ policy: modelUsage, judge: modelUsage }).catch({ policy: null, judge: null })

/** Read what stands beside the samples; files of an unknown form are left out, since nothing depends on them. */
export async function readDerived(run: RunReader): Promise<Derived> {
  const rewardNames = await namesIn(join(run.path, 'rewards'), /^(?!disagreements\.)(.+)\.jsonl$/)
  const profiles = await namesIn(run.path, /^scores\.(.+)\.jsonl$/)
  const rewards = await tables(run, rewardNames, (name) => `rewards/${name}.jsonl`, rewardLine)
  const scores = await tables(run, profiles, (name) => `scores.${name}.jsonl`, scoreLine)
  const summaries = await Promise.all(
    rewardNames.map(async (name) => {
      const summary = rewardSummary.safeParse(await readJson(join(run.path, 'rewards', `${name}.json`)))
      return summary.success ? [meansOf(name, summary.data)] : []
    }),
  )
  return {
    rewards: summaries.flat(),
    usage: usage.parse(await readJson(join(run.path, 'timings.json'))),
    of: (key) => ({
      rewards: linesOf(rewards, key).map(([name, { total, parts, reasons }]) => [
        name,
        { total, parts, reasons },
      ]),
      scores: linesOf(scores, key) as SampleDetail['derived']['scores'],
    }),
  }
}

type Tables<Line> = [name: string, lines: Map<string, Line>][]

async function tables<Line extends { key: string }>(
  run: RunReader,
  names: readonly string[],
  fileOf: (name: string) => string,
  schema: z.ZodType<Line>,
): Promise<Tables<Line>> {
  const read = async (name: string): Promise<[string, Map<string, Line>]> => {
    const lines = (await run.readLines(fileOf(name))).flatMap((value) => schema.safeParse(value).data ?? [])
    return [name, new Map(lines.map((line) => [line.key, line]))]
  }
  return Promise.all(names.map(read))
}

function linesOf<Line>(tables: Tables<Line>, key: string): [string, Line][] {
  return tables.flatMap(([name, lines]): [string, Line][] => {
    const line = lines.get(key)
    return line === undefined ? [] : [[name, line]]
  })
}

function meansOf(name: string, { overall, byOutcome }: z.output<typeof rewardSummary>): RewardMeans {
  const listed = (of: z.output<typeof means>) => ({ n: of.n, means: Object.entries(of.means) })
  return {
    name,
    overall: listed(overall),
    byOutcome: Object.entries(byOutcome).map(([outcome, of]) => ({ outcome, ...listed(of) })),
  }
}

async function namesIn(folder: string, pattern: RegExp): Promise<string[]> {
  const files = await readdir(folder).catch((cause: unknown) => {
    if (errorCode(cause) === 'ENOENT') return []
    throw new StoreError(`${folder}: expected a folder of the run; ${String(cause)}`, { cause })
  })
  return files.flatMap((file) => pattern.exec(file)?.[1] ?? []).sort()
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT' || cause instanceof SyntaxError) return null
    throw new StoreError(`${path} could not be read: ${String(cause)}`, { cause })
  }
}
