import { z } from 'zod'
import type { SandboxProfile } from '../core/sandbox.js'
import { replayRun, type ReplayResult } from '../curation/replay/replay-run.js'
import { probeSandbox } from '../evaluation/run/probe-sandbox.js'
import { openRun } from '../store/open-run.js'
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
  const results: (ReplayResult & { path: string })[] = []
  try {
    for (const path of paths) {
      const display = createDisplay<{ done: number; total: number; differences: number }>({
        format: '{name} {bar} {value}/{total} · {note}',
        show: ({ done, total, differences }) => {
          const note = `${differences} calls differ`
          const line = `replaying ${done}/${total} · ${note}`
          return { name: 'replaying', value: done, total, note, line }
        },
      })
      const sandbox = await createSandbox({
        profile: await profileOf(path),
        onWarning: (message) => console.error(message),
      })
      const result = await probeSandbox({ sandbox, signal: cancel.signal })
        .then(() => replayRun({ path, sandbox, onProgress: display.update, signal: cancel.signal }))
        .finally(async () => {
          display.stop()
          await sandbox.close()
        })
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
  }
}

const released = z.object({ profile: z.literal('release') })

/** What a call meant when the run was made. */
async function profileOf(path: string): Promise<SandboxProfile> {
  const { manifest } = await openRun({ path, mode: 'read' })
  return released.safeParse(manifest.identity.sandbox).success ? 'release' : 'standard'
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
