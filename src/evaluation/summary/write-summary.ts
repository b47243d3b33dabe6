import type { Judge } from '../../core/judge.js'
import type { Policy } from '../../core/policy.js'
import type { Run, RunReader } from '../../store/run.js'
import { digestOf, type SampleDigest } from './digest.js'
import { failureCounter, type FailureGroup } from '../run/failures.js'
import { judgeUsageOf, policyUsageOf, type JudgeUsage, type ModelUsage } from '../run/model-usage.js'
import { summarize, type Summary, type SummaryHead } from './summary.js'

/** What a run cost: for the reader, and in no comparison. */
export interface RunTimings {
  /** Sums over the samples. */
  totalMs: number
  modelMs: number
  sandboxMs: number
  judgeMs: number
  promptTokens: number
  completionTokens: number
  /** Attempts beyond the first. */
  repetitions: number
}

/** timings.json. */
export interface RunCosts extends RunTimings {
  /** All sessions of the run together, failed samples included; null where the policy counts nothing. */
  policy: ModelUsage | null
  /** The same; null where there is no judge. */
  judge: JudgeUsage | null
}

/**
 * Derive summary.json and timings.json from the journal and the accounts of policy and judge; failures are told besides, since their words may differ
 * from run to run.
 */
export async function writeSummary({
  run,
  head,
  judge,
  policy,
}: {
  run: Run
  head: SummaryHead
  judge: Pick<Judge, 'model' | 'reading' | 'account'> | null
  policy: Pick<Policy, 'model' | 'account'>
}): Promise<{ summary: Summary; costs: RunCosts; failures: FailureGroup[] }> {
  const { digests, timings, failures } = await readDigests(run)
  const summary = summarize({ head, digests })
  await run.writeJson('summary.json', summary)
  const costs: RunCosts = {
    ...timings,
    policy: policyUsageOf({ policy, waitedMs: timings.modelMs }),
    judge: judgeUsageOf({ judge, waitedMs: timings.judgeMs }),
  }
  await run.writeJson('timings.json', costs)
  return { summary, costs, failures }
}

/** The digests of a run, sorted by key, its costs, and why samples failed. */
export async function readDigests(
  run: RunReader,
): Promise<{ digests: SampleDigest[]; timings: RunTimings; failures: FailureGroup[] }> {
  const failures = failureCounter()
  const digests: SampleDigest[] = []
  const timings: RunTimings = {
    totalMs: 0,
    modelMs: 0,
    sandboxMs: 0,
    judgeMs: 0,
    promptTokens: 0,
    completionTokens: 0,
    repetitions: 0,
  }
  for await (const sample of run.samples()) {
    digests.push(digestOf(sample))
    failures.add(sample)
    timings.totalMs += sample.timings.totalMs
    timings.modelMs += sample.timings.modelMs
    timings.sandboxMs += sample.timings.sandboxMs
    timings.judgeMs += sample.timings.judgeMs
    timings.promptTokens += sample.trajectory?.usage.promptTokens ?? 0
    timings.completionTokens += sample.trajectory?.usage.completionTokens ?? 0
    timings.repetitions += Math.max(0, sample.attempts - 1)
  }
  digests.sort((a, b) => (a.key < b.key ? -1 : 1))
  return { digests, timings, failures: failures.groups() }
}
