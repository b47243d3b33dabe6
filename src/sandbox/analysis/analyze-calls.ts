import PQueue from 'p-queue'
import { SandboxError } from '../../core/errors.js'
import { pythonJsonText } from '../../core/python/json-text.js'
import type { AnalysisProblem, AnalyzableCall, StaticAnalysis } from '../../core/tool-analysis.js'
import type { Finished, FinishedError } from '../host-event.js'
import type { AnalyzeJob } from '../job.js'
import { readAnalyses } from './analysis-answer.js'
import { callBatches } from './call-batches.js'

/** Five times what the more patient profile runs. Whatever is this short is read within the deadline, as far as is known. */
export const LONGEST_ANALYZED_TEXT = 100_000
/** Attempts where the machine fails, or ends a worker. */
const ATTEMPTS = 3

export interface AnalyzeCallsParameters {
  calls: readonly AnalyzableCall[]
  /** Whether a description that is an object counts by its text. */
  readsObjects: boolean
  /** Jobs that run at the same time. */
  concurrency: number
  /** Run a job to its verdict. @throws SandboxError, AbortError. */
  run: (job: AnalyzeJob, attempt: { isRetry: boolean }) => Promise<Finished>
}

/** A call as a worker gets it, and its place in the list. */
interface Asked {
  index: number
  code: string
  description: string
}

/**
 * Read many calls in few jobs. When the worker that reads a batch ends before its answer, each of its calls gets a worker of its own, so that a text that no
 * worker survives costs itself only.
 * @throws SandboxError when the machine fails again and again; AbortError.
 */
export async function analyzeCalls({
  calls,
  readsObjects,
  concurrency,
  run,
}: AnalyzeCallsParameters): Promise<StaticAnalysis[]> {
  const analyses: StaticAnalysis[] = calls.map(tooLong)
  const asked = calls.flatMap((call, index) =>
    lengthOf(call) > LONGEST_ANALYZED_TEXT ? [] : [ask(call, index)],
  )
  const queue = new PQueue({ concurrency })

  const read = async (batch: readonly Asked[]): Promise<void> => {
    const [only] = batch
    const job: AnalyzeJob = {
      op: 'analyze',
      reads_objects: readsObjects,
      calls: batch.map(({ code, description }) => ({ code, description })),
    }
    const outcome = await queue.add(() => attempt(job, run))
    if ('problem' in outcome) {
      if (only && batch.length === 1) analyses[only.index] = { transforms: [], cropBoxes: [], ...outcome }
      else await Promise.all(batch.map((each) => read([each])))
      return
    }
    batch.forEach(({ index }, position) => {
      const analysis = outcome.analyses[position]
      if (analysis) analyses[index] = analysis
    })
  }

  const batches = callBatches(asked, ({ code, description }) => code.length + description.length)
  const settled = await Promise.allSettled(batches.map(read))
  const failure = settled.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
  return analyses
}

function ask({ code, description = '' }: AnalyzableCall, index: number): Asked {
  return { index, code: code ?? '', description: pythonJsonText(description) }
}

function lengthOf({ code, description = '' }: AnalyzableCall): number {
  return (
    (code?.length ?? 0) + (typeof description === 'string' ? description : pythonJsonText(description)).length
  )
}

/** Until it is read, and for ever where it is not. */
function tooLong(call: AnalyzableCall): StaticAnalysis {
  const message = `code and description have ${lengthOf(call)} characters; up to ${LONGEST_ANALYZED_TEXT} are read`
  return { transforms: [], cropBoxes: [], problem: { kind: 'too-long', message } }
}

type Outcome = { analyses: StaticAnalysis[] } | { problem: AnalysisProblem }

async function attempt(job: AnalyzeJob, run: AnalyzeCallsParameters['run']): Promise<Outcome> {
  for (let failures = 0; ;) {
    try {
      const finished = await run(job, { isRetry: failures > 0 })
      if (finished.status === 'error') {
        failures += 1
        if (finished.killed && failures < ATTEMPTS) continue
        return { problem: problemOf(finished) }
      }
      const analyses = 'answers' in finished ? readAnalyses(finished.answers, job.calls.length) : undefined
      return analyses ? { analyses } : { problem: { kind: 'output', message: 'the answer was malformed' } }
    } catch (error) {
      failures += 1
      if (!(error instanceof SandboxError) || !error.isRetryable || failures === ATTEMPTS) throw error
    }
  }
}

function problemOf({ kind, message }: FinishedError): AnalysisProblem {
  switch (kind) {
    case 'timeout':
    case 'memory':
    case 'crash':
    case 'output':
      return { kind, message }
    case 'syntax':
    case 'policy':
    case 'runtime':
    case 'result':
      return { kind: 'output', message: `the reader of text spoke of ${kind}, which it never does` }
  }
}
