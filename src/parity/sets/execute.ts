import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Execution } from '../../core/execution.js'
import type { Sandbox, SandboxProfile } from '../../core/sandbox.js'
import { createSandbox } from '../../wiring.js'
import type { ParitySet } from '../parity-set.js'
import { chosenRuntime } from '../chosen-runtime.js'

const PROFILES = ['release', 'standard'] as const satisfies readonly SandboxProfile[]

const answer = z.record(z.string(), z.unknown())
const expectation = z.object({ release: answer.nullable(), standard: answer.nullable() })
const call = z.object({ image: z.string(), code: z.string() })

/** What the contained sandbox answers to a call, under both profiles; only what a case names is compared. */
export const execute: ParitySet = {
  name: 'execute',
  async *run(cases, { directory }) {
    const sandboxes = await Promise.all(
      PROFILES.map((profile) => createSandbox({ runtime: chosenRuntime(), profile })),
    )
    try {
      for (const { id, input, expected } of cases) {
        const { image, code } = call.parse(input)
        const wanted = expectation.parse(expected)
        const got: Record<string, unknown> = {}
        for (const sandbox of sandboxes) {
          const answered = wanted[sandbox.profile as (typeof PROFILES)[number]]
          if (answered !== null)
            got[sandbox.profile] = only(
              Object.keys(answered),
              await run(sandbox, join(directory, image), code),
            )
        }
        const pass = PROFILES.every(
          (profile) => wanted[profile] === null || isEqual(wanted[profile], got[profile]),
        )
        yield { id, expected, got, pass }
      }
    } finally {
      await Promise.all(sandboxes.map((sandbox) => sandbox.close()))
    }
  },
}

async function run(sandbox: Sandbox, image: string, code: string): Promise<Record<string, unknown>> {
  const session = await sandbox.open([image])
  try {
    return await comparable(await session.execute({ code }))
  } finally {
    await session.close()
  }
}

async function comparable(execution: Execution): Promise<Record<string, unknown>> {
  if (execution.status === 'error') return { ...execution }
  const { image, unchanged, stdout } = execution
  const pixels = createHash('sha256')
    .update(await image.pixels())
    .digest('hex')
  const { sourceMode, mode, width, height } = image
  return { status: 'ok', sourceMode, mode, width, height, pixels, unchanged, stdout }
}

function only(names: readonly string[], record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, record[name]]))
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
}

function sorted(record: unknown): [string, unknown][] {
  return Object.entries(record as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1))
}
