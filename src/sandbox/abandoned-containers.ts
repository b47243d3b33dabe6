import { execa } from 'execa'
import { z } from 'zod'
import { SandboxError } from '../core/errors.js'
import { PROCESS_LABEL } from './container.js'
import { isProcessGone } from './process-identity.js'

export interface ContainerEngine {
  binary: 'docker' | 'podman'
  /** Of the client program. */
  environment: Readonly<Record<string, string>>
}

export interface AbandonedContainer {
  id: string
  name: string
  /** What it has written, as far as the engine tells. */
  bytes: number
}

const TIMEOUT_MS = 20_000

const inspected = z.array(
  z.object({
    Id: z.string(),
    Name: z.string(),
    SizeRw: z.number().nullish(),
    Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
  }),
)

/** Containers of ours whose process is gone; none where the client or its engine is not there. Those of other machines and pid namespaces cannot be told. */
export async function abandonedContainers(engine: ContainerEngine): Promise<AbandonedContainer[]> {
  const listed = await ask(engine, [
    'ps',
    '--all',
    '--quiet',
    '--no-trunc',
    '--filter',
    `label=${PROCESS_LABEL}`,
  ])
  const ids = listed?.split('\n').filter((id) => id !== '') ?? []
  if (ids.length === 0) return []
  // A container that ended meanwhile makes the answer a failure; what is there is told all the same.
  const text = await ask(engine, ['inspect', '--size', '--type', 'container', ...ids])
  const answer = inspected.safeParse(text === null ? null : jsonOf(text))
  if (!answer.success) return []
  return answer.data
    .filter(({ Config: { Labels } }) => isProcessGone(Labels?.[PROCESS_LABEL] ?? ''))
    .map(({ Id, Name, SizeRw }) => ({ id: Id, name: Name.replace(/^\//, ''), bytes: SizeRw ?? 0 }))
}

/** @throws SandboxError when the engine does not. */
export async function removeAbandonedContainer({
  binary,
  environment,
  id,
}: ContainerEngine & { id: string }): Promise<void> {
  const { failed, stderr } = await run({ binary, environment }, ['rm', '--force', id])
  if (failed) throw new SandboxError(`${binary} did not remove the container ${id}: ${stderr}`)
}

/** Null where there is no client, or no engine that answers. */
async function ask(engine: ContainerEngine, args: readonly string[]): Promise<string | null> {
  const { stdout } = await run(engine, args)
  return stdout.trim() === '' ? null : stdout.trim()
}

async function run(
  { binary, environment }: ContainerEngine,
  args: readonly string[],
): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const { failed, stdout, stderr } = await execa(binary, args, {
    env: { ...environment },
    extendEnv: false,
    reject: false,
    timeout: TIMEOUT_MS,
    stdin: 'ignore',
  })
  return { failed, stdout: stdout ?? '', stderr: stderr ?? '' }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // not what an engine answers
  }
}
