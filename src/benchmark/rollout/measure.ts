import { rollout } from '../../agent/rollout.js'
import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import type { Sandbox } from '../../core/sandbox.js'
import type { Task } from '../../core/task.js'
import { CODE, instantPolicy } from './instant-policy.js'

/** So many rollouts at once, of so many turns each. */
export interface RolloutLoad {
  concurrency: number
  turns: number
  /** The task's image. */
  png: Buffer
}

/** Of all rollouts together. */
export interface Spent {
  wallMs: number
  /** Processor time of this process, all threads. */
  cpuMs: number
  turns: number
}

const VIEW = { minPixels: 28 * 28, maxPixels: 8192 * 28 * 28 }

/** Whole rollouts: from the task to the trajectory as JSON, with the files of its images in memory. */
export async function measureRollouts({
  sandbox,
  load: { concurrency, turns, png },
}: {
  sandbox: Sandbox
  load: RolloutLoad
}): Promise<Spent> {
  const policy = instantPolicy({ turns })
  const one = async (index: number): Promise<number> => {
    const { trajectory } = await rollout({
      task: taskOf({ index, png }),
      policy,
      sandbox,
      prompt: SYSTEM_PROMPT,
      tools: [CODE_IMAGE_TOOL],
      view: VIEW,
      limits: { turns },
    })
    if (trajectory.stop !== 'answer' || trajectory.calls.length !== turns - 1)
      throw new Error(`a rollout ended with ${trajectory.stop} after ${trajectory.calls.length} calls`)
    JSON.stringify(trajectory)
    return trajectory.turns
  }
  return spend(() => Promise.all(Array.from({ length: concurrency }, (_, index) => one(index))))
}

/** What the rollouts ask of the sandbox, and nothing else: sessions, views and calls, as many at the same time. */
export async function measureBareCalls({
  sandbox,
  load: { concurrency, turns, png },
}: {
  sandbox: Sandbox
  load: RolloutLoad
}): Promise<Spent> {
  const one = async (): Promise<number> => {
    const session = await sandbox.open([png])
    try {
      await session.view(0, VIEW)
      for (let turn = 0; turn < turns - 1; turn++) {
        const result = await session.execute({ code: CODE, description: 'enlarge', imageIndex: 0 })
        if (result.status === 'error') throw new Error(`a call failed: ${result.message}`)
        await session.view(result.imageIndex, VIEW)
      }
      return turns
    } finally {
      await session.close()
    }
  }
  return spend(() => Promise.all(Array.from({ length: concurrency }, one)))
}

async function spend(work: () => Promise<number[]>): Promise<Spent> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const turns = (await work()).reduce((sum, each) => sum + each, 0)
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  return { wallMs, cpuMs: (user + system) / 1_000, turns }
}

function taskOf({ index, png }: { index: number; png: Buffer }): Task {
  return {
    key: `task-${index}`,
    id: `task-${index}`,
    suite: 'benchmark',
    question: 'Which number stands in the lower half?',
    images: [{ sha256: '', read: () => Promise.resolve(png) }],
    answers: ['42'],
    transform: 'none',
    requiredTools: null,
    box: null,
    metadata: {},
  }
}
