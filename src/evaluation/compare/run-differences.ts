import { differences } from '../../store/differences.js'
import type { Json } from '../../store/manifest.js'
import type { ScoredRun } from '../scored-run.js'

/** In what two runs differ, a line each. */
export interface RunDifferences {
  /** Numbers of such runs do not belong beside each other: other suite, data, scoring or judge. */
  refusing: string[]
  /** Nothing but scoring or judge keeps them apart, which can be scored anew. */
  hasSameData: boolean
  /** What the comparison may be about: prompt, views, limits, sampling, tools that code can call, sandbox, selection. */
  settings: string[]
}

type Compared = { run: Pick<ScoredRun['run'], 'manifest'>; head: ScoredRun['head'] }

const WORDS = ['in A', 'in B'] as const
/** A hash in full tells a reader no more than its beginning. */
const HASH = /"([0-9a-f]{12})[0-9a-f]{28,}"/g

/** What two runs were made and scored with, held against each other. */
export function runDifferences({ a, b }: { a: Compared; b: Compared }): RunDifferences {
  const lines = (pick: (run: Compared) => Record<string, Json | undefined>): string[] =>
    differences({ recorded: pick(a) as Json, now: pick(b) as Json, words: WORDS }).map((line) =>
      line.replace(HASH, '"$1…"'),
    )
  const data = lines(({ head, run }) => ({
    suite: head.suite,
    data: partOf(run.manifest.identity.dataset, 'sha256'),
  }))
  return {
    refusing: [
      ...data,
      ...lines(({ head: { scoring, judge, judgeReading } }) => ({ scoring, judge, judgeReading })),
    ],
    hasSameData: data.length === 0,
    settings: lines(({ head, run }) => ({
      model: `${head.policy.name} (${head.policy.model})`,
      epochs: head.epochs,
      selection: partOf(run.manifest.identity.dataset, 'selection'),
      agent: run.manifest.identity.agent,
      // Its model and kind are told above; the judge refuses.
      policy: without(partOf(run.manifest.identity.settings, 'policy'), ['model', 'kind']),
      seed: partOf(run.manifest.identity.settings, 'seed'),
      tools: byName(partOf(run.manifest.identity.settings, 'tools')),
      sandbox: run.manifest.identity.sandbox,
    })),
  }
}

function partOf(value: Json | undefined, name: string): Json | undefined {
  return isRecord(value) ? value[name] : undefined
}

/** The tools that code can call, a part each; of a run without them none. */
function byName(tools: Json | undefined): Json {
  if (!Array.isArray(tools)) return {}
  return Object.fromEntries(
    tools.filter(isRecord).map((tool) => [String(tool.name), without(tool, ['name']) ?? null]),
  )
}

function without(value: Json | undefined, names: readonly string[]): Json | undefined {
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
