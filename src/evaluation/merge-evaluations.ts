import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { priceSchema } from '../config/price-schema.js'
import { UsageError } from '../core/errors.js'
import type { UsageAccount } from '../core/usage-account.js'
import { createPolicyAccount } from '../policies/policy-account.js'
import { createJudgeAccount } from '../reward/judge-account.js'
import { differences } from '../store/differences.js'
import type { Json, Manifest, NewManifest } from '../store/manifest.js'
import { mergeRuns, type MergedRuns } from '../store/merge-runs.js'
import type { DerivableRun, Run } from '../store/run.js'
import type { FailureGroup } from './run/failures.js'
import type { Role } from './run/model-usage.js'
import { NEWER_PARTS } from './run/newer-parts.js'
import { headOf } from './rescore.js'
import type { Summary } from './summary/summary.js'
import { openUsageLedger, USAGE_FILES } from './run/usage-ledger.js'
import { writeSummary, type RunCosts } from './summary/write-summary.js'

export interface MergedEvaluation {
  summary: Summary
  costs: RunCosts
  failures: readonly FailureGroup[]
}

/**
 * Put shards of an evaluation, and half-finished runs of it, together into one run: that which it would have been without shards. Where samples are
 * missing, it is resumed like any other.
 * @throws UsageError for runs of different evaluations, naming what differs; as {@link mergeRuns}
 */
export async function mergeEvaluations({
  paths,
  output,
}: {
  paths: readonly string[]
  output: string
}): Promise<MergedRuns<MergedEvaluation>> {
  return mergeRuns({
    paths,
    output,
    lineFiles: Object.values(USAGE_FILES),
    manifestOf: (runs) => unionOf({ runs, name: basename(resolve(output)) }),
    derive: writeDerived,
  })
}

const shardedIdentity = z.looseObject({
  head: z.looseObject({ planned: z.number() }),
  dataset: z.looseObject({
    /** Samples of all shards together; absent where the run is no shard. */
    whole: z.number().optional(),
    /** Absent in runs of older versions. */
    questions: z.string().optional(),
    selection: z.looseObject({ shard: z.string().nullable() }),
  }),
})

function unionOf({ runs, name }: { runs: readonly DerivableRun[]; name: string }): NewManifest {
  const [first] = runs
  if (first === undefined) throw new UsageError('Name the runs to merge.')
  // What a run of an older version does not say, the merged one must.
  const reference = runs.find(saysQuestions) ?? first
  const identity = wholeIdentity(reference)
  for (const other of runs) {
    const found = differences({ recorded: identity, now: wholeIdentity(other), newer: NEWER_PARTS })
    if (found.length === 0) continue
    throw new UsageError(
      [
        `${other.path} is no part of the same evaluation as ${reference.path}:`,
        ...found.map((line) => `  ${line.replace(/ in the run, (.*) now$/, ` there, $1 here`)}`),
        'Merge shards of one evaluation, or runs that differ in nothing but what is finished.',
      ].join('\n'),
    )
  }
  const { config, environment } = first.manifest
  return {
    identity,
    config: { ...config, shard: null, name },
    environment: { ...environment, mergedFrom: runs.map(({ path }) => basename(path)) },
  }
}

function saysQuestions({ manifest }: DerivableRun): boolean {
  return shardedIdentity.safeParse(manifest.identity).data?.dataset.questions !== undefined
}

/** What the identity would be without shards. */
function wholeIdentity({ path, manifest }: { path: string; manifest: Manifest }): Record<string, Json> {
  const read = shardedIdentity.safeParse(manifest.identity)
  if (!read.success)
    throw new UsageError(`${path}: expected the run of an evaluation, got a manifest of something else`)
  const { head, dataset, ...rest } = read.data
  const { whole, selection, ...data } = dataset
  if (selection.shard !== null && whole === undefined)
    throw new UsageError(
      `${path} is a shard that does not say of how many samples the whole consists: it was made by an older version; finish it with that one`,
    )
  return {
    ...rest,
    head: { ...head, planned: whole ?? head.planned },
    dataset: { ...data, selection: { ...selection, shard: null } },
  } as Record<string, Json>
}

async function writeDerived(run: Run): Promise<MergedEvaluation> {
  const head = headOf(run)
  const policy = await accountOf({ run, role: 'policy' })
  const judge = await accountOf({ run, role: 'judge' })
  await openUsageLedger({ run, accounts: { policy, judge } })
  return writeSummary({
    run,
    head,
    policy: { model: head.policy.model, ...(policy && { account: policy }) },
    judge: judge
      ? {
          model: head.judge,
          account: judge,
          ...(head.judgeReading !== null && { reading: head.judgeReading }),
        }
      : null,
  })
}

const ACCOUNTS = { policy: createPolicyAccount, judge: createJudgeAccount }

/** An account at the price of the first run; undefined where nothing was counted. */
async function accountOf({ run, role }: { run: Run; role: Role }): Promise<UsageAccount | undefined> {
  if ((await run.readLines(USAGE_FILES[role])).length === 0) return undefined
  const terms = z.looseObject({ price: priceSchema.optional() }).safeParse(run.manifest.config[role])
  return ACCOUNTS[role]({ price: terms.data?.price ?? null })
}
