import PQueue from 'p-queue'
import type { Sample } from '../core/sample.js'
import { endingOf, isSettled, sampleKey } from '../core/sample.js'
import type { Task } from '../core/task.js'
import type { Suite } from '../data/load-suite.js'
import type { Run } from '../store/run.js'
import type { Plan } from './plan.js'
import { progressCounter, type Progress } from './progress.js'
import { runSample, type Retries, type RollOut } from './run-sample.js'
import type { Scoring } from './score-answer.js'

/** `drain`: finish what is running and start nothing more; `cancel`: stop what is running too. */
export interface Interrupts {
  drain?: AbortSignal | undefined
  cancel?: AbortSignal | undefined
}

export interface EvaluateParameters {
  run: Run
  suite: Suite
  plan: Plan
  epochs: number
  rollOut: RollOut
  scoring: Scoring
  concurrency: number
  retries: Retries
  secrets: readonly string[]
  interrupts: Interrupts
  onProgress?: ((progress: Progress, sample: Sample | null) => void) | undefined
}

/**
 * Run every sample of the plan that the run has not finished; each is on the disk as soon as it ends. Failed ones of an earlier session run again.
 * @throws what is nobody's data (full disk, a wrong row, a defect), after everything that was running has stopped.
 */
export async function evaluate(parameters: EvaluateParameters): Promise<void> {
  const { run, suite, plan, epochs, concurrency, interrupts, onProgress } = parameters
  const counter = progressCounter({ planned: plan.tasks.length * epochs })
  const planned = new Set(plan.tasks.flatMap(({ key }) => epochKeys({ taskKey: key, epochs })))
  const finished = new Set<string>()
  for await (const sample of run.samples()) {
    if (!isSettled(sample) || !planned.has(sample.key)) continue
    finished.add(sample.key)
    counter.addEarlier(endingOf(sample))
  }
  onProgress?.(counter.current(), null)

  const queue = new PQueue({ concurrency })
  const failure = new AbortController()
  const runOne = async (task: Task, epoch: number): Promise<void> => {
    // A signal of its own: listeners of thousands of samples must not pile up on one.
    const signal = AbortSignal.any([failure.signal, ...(interrupts.cancel ? [interrupts.cancel] : [])])
    if (signal.aborted || interrupts.drain?.aborted === true) return
    try {
      const sample = await runSample({
        ...parameters,
        task,
        epoch,
        signal,
        putImage: (image) => run.images.put(image),
      })
      await run.append(sample)
      onProgress?.(counter.add(endingOf(sample)), sample)
    } catch (cause) {
      if (!signal.aborted) failure.abort(cause)
    }
  }
  const isStopped = (): boolean =>
    failure.signal.aborted || interrupts.drain?.aborted === true || interrupts.cancel?.aborted === true

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
  if (failure.signal.aborted) throw failure.signal.reason
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
