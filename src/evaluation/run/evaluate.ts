import PQueue from 'p-queue'
import { JudgeCapError, ModelCapError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { endingOf, sampleKey } from '../../core/sample.js'
import type { Task } from '../../core/task.js'
import type { Suite } from '../../data/load-suite.js'
import type { Run } from '../../store/run.js'
import type { Plan } from './plan.js'
import { progressCounter, type Progress } from './progress.js'
import { runSample, type Retries, type RollOut } from './run-sample.js'
import { serverFailures } from './server-failures.js'
import type { Scoring } from '../scoring/score-answer.js'
import type { UsageLedger } from './usage-ledger.js'

/** `drain`: finish what is running and start nothing more; `cancel`: stop what is running too. */
export interface Interrupts {
  drain?: AbortSignal | undefined
  cancel?: AbortSignal | undefined
}

/** What ended a run before its end: a cap of the policy or the judge, or a server that answers nothing any more. */
export interface Stop {
  kind: 'cap' | 'server'
  message: string
}

export interface EvaluateParameters {
  run: Run
  suite: Suite
  plan: Plan
  epochs: number
  rollOut: RollOut
  scoring: Scoring
  ledger: UsageLedger
  concurrency: number
  /** Samples in a row that the model's server may fail. */
  stopAfterFailures: number
  retries: Retries
  secrets: readonly string[]
  interrupts: Interrupts
  onProgress?: ((progress: Progress, sample: Sample | null) => void) | undefined
}

/**
 * Run every sample of the plan that the run has not finished; each is on the disk as soon as it ends. Failed ones of an earlier session run
 * again; where only the judge had failed, its verdict alone is asked again.
 * @returns what ended it early: nothing was started after that, and a rollout that a cap of the policy cut off is not recorded; null: nothing did.
 * @throws what is nobody's data (full disk, a wrong row, a defect), after everything that was running has stopped.
 */
export async function evaluate(parameters: EvaluateParameters): Promise<Stop | null> {
  const { run, suite, plan, epochs, ledger, concurrency, interrupts, onProgress } = parameters
  const counter = progressCounter({ planned: plan.tasks.length * epochs })
  const planned = new Set(plan.tasks.flatMap(({ key }) => epochKeys({ taskKey: key, epochs })))
  const finished = new Set<string>()
  const unjudged = new Set<string>()
  for (const { key, ending, isSettled, hasTrajectory } of run.states()) {
    if (ending === 'judge-error' && hasTrajectory) unjudged.add(key)
    if (!isSettled || !planned.has(key)) continue
    finished.add(key)
    counter.addEarlier(ending)
  }
  onProgress?.(counter.current(), null)

  const queue = new PQueue({ concurrency })
  const failure = new AbortController()
  const ofServer = serverFailures({ limit: parameters.stopAfterFailures })
  let stop: Stop | null = null
  const runOne = async (task: Task, epoch: number): Promise<void> => {
    // A signal of its own: listeners of thousands of samples must not pile up on one.
    const signal = AbortSignal.any([failure.signal, ...(interrupts.cancel ? [interrupts.cancel] : [])])
    if (signal.aborted || interrupts.drain?.aborted === true || stop !== null) return
    try {
      const key = sampleKey({ taskKey: task.key, epoch })
      const earlier = unjudged.has(key) ? ((await run.find(key)) ?? null) : null
      let failed: Error | null = null
      const sample = await runSample({
        ...parameters,
        task,
        epoch,
        signal,
        scorer: suite.definition?.scorer ?? 'none',
        earlier,
        onFailure: (cause) => {
          failed = cause
          if (cause instanceof JudgeCapError) stop ??= { kind: 'cap', message: cause.message }
        },
        putImage: (image) => run.images.put(image),
      })
      await run.append(sample)
      const given = earlier === null ? ofServer.add(failed) : null
      if (given !== null) stop ??= { kind: 'server', message: given }
      await ledger.record()
      onProgress?.(counter.add(endingOf(sample)), sample)
    } catch (cause) {
      if (cause instanceof ModelCapError) stop ??= { kind: 'cap', message: cause.message }
      else if (!signal.aborted) failure.abort(cause)
    }
  }
  const isStopped = (): boolean =>
    stop !== null ||
    failure.signal.aborted ||
    interrupts.drain?.aborted === true ||
    interrupts.cancel?.aborted === true

  const isOpen = unfinishedIndexes({ plan, epochs, finished })
  try {
    for await (const { task } of suite.tasks({ isWanted: (index) => isOpen.has(index) })) {
      for (let epoch = 0; epoch < epochs && !isStopped(); epoch++) {
        if (finished.has(sampleKey({ taskKey: task.key, epoch }))) continue
        await queue.onSizeLessThan(1)
        void queue.add(() => runOne(task, epoch))
      }
      if (isStopped()) break
    }
  } catch (cause) {
    failure.abort(cause)
  }
  await queue.onIdle()
  // The check before the start, and samples that were stopped, cost too.
  await ledger.record()
  if (failure.signal.aborted) throw failure.signal.reason
  return stop
}

function unfinishedIndexes({
  plan,
  epochs,
  finished,
}: {
  plan: Plan
  epochs: number
  finished: ReadonlySet<string>
}): Set<number> {
  const open = plan.tasks.filter(({ key }) =>
    epochKeys({ taskKey: key, epochs }).some((sample) => !finished.has(sample)),
  )
  return new Set(open.map(({ index }) => index))
}

function epochKeys({ taskKey, epochs }: { taskKey: string; epochs: number }): string[] {
  return Array.from({ length: epochs }, (_, epoch) => sampleKey({ taskKey, epoch }))
}
