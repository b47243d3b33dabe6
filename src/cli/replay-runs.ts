import { replayRun, type ReplayResult } from '../curation/replay/replay-run.js'
import { probeSandbox } from '../evaluation/run/probe-sandbox.js'
import { writeAtomic } from '../store/write-atomic.js'
import { createSandbox } from '../wiring.js'
import { createDisplay } from './display.js'
import { listenForInterrupts } from './interrupts.js'

const SHOWN = 20

/** Replay curated runs one after the other. @returns whether every call of all of them ended as was recorded. */
export async function replayRuns({
  paths,
  json,
}: {
  paths: readonly string[]
  /** File for the differences; undefined: none. */
  json: string | undefined
}): Promise<boolean> {
  const cancel = new AbortController()
  const interrupts = listenForInterrupts({ onDrain: () => cancel.abort(), onCancel: () => undefined })
  const sandbox = await createSandbox({ onWarning: (message) => console.error(message) })
  const results: (ReplayResult & { path: string })[] = []
  try {
    await probeSandbox({ sandbox, signal: cancel.signal })
    for (const path of paths) {
      const display = createDisplay<{ done: number; total: number; differences: number }>({
        format: '{name} {bar} {value}/{total} · {note}',
        show: ({ done, total, differences }) => {
          const note = `${differences} calls differ`
          const line = `replaying ${done}/${total} · ${note}`
          return { name: 'replaying', value: done, total, note, line }
        },
      })
      const result = await replayRun({
        path,
        sandbox,
        onProgress: display.update,
        signal: cancel.signal,
      }).finally(display.stop)
      results.push({ path, ...result })
      tell({ path, result })
    }
    if (json !== undefined) {
      const text = JSON.stringify({ schemaVersion: 1, runs: results }, null, 1)
      await writeAtomic({ path: json, data: `${text}\n`, advice: 'name another file with --json' })
    }
    return results.every(({ differences }) => differences.length === 0)
  } finally {
    interrupts.stop()
    await sandbox.close()
  }
}

function tell({
  path,
  result: { trajectories, calls, failedCalls, differences },
}: {
  path: string
  result: ReplayResult
}): void {
  for (const { taskId, key, call, expected, got } of differences.slice(0, SHOWN))
    console.log(`${taskId} (${key.slice(0, 12)}), call ${call}: expected ${expected}, got ${got}`)
  if (differences.length > SHOWN) console.log(`… and ${differences.length - SHOWN} more`)
  console.log(
    `${path}: ${calls} calls of ${trajectories} trajectories replayed, ${failedCalls} of them failures: ${
      differences.length === 0 ? 'none differs' : `${differences.length} differ`
    }`,
  )
}
