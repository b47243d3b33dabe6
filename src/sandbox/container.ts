import { randomBytes } from 'node:crypto'
import { execa } from 'execa'
import { startProcess } from '../bridge/process-wire.js'
import { processIdentity } from './process-identity.js'
import { HOST_ENVIRONMENT, SANDBOX_UID, withoutArguments, type Runtime } from './runtime.js'

/** Label by which containers of ours are found again. */
export const CONTAINER_LABEL = 'codevision.sandbox'
/** Label that tells whose a container is, also to who shares the engine from another machine. */
export const PROCESS_LABEL = 'codevision.process'

export interface ContainerParameters {
  binary: 'docker' | 'podman'
  /** Tag of the sandbox image. */
  image: string
  /** Environment of the client program (PATH, HOME, DOCKER_HOST …). */
  environment: Readonly<Record<string, string>>
  /** Memory of the whole container in bytes. */
  memoryBytes?: number
  /** Processes and threads of the whole container. */
  pids?: number
}

/** Containment by Docker or Podman. */
export function containerRuntime({
  binary,
  image,
  environment,
  memoryBytes = 4 * 2 ** 30,
  pids = 256,
}: ContainerParameters): Runtime {
  const user = containerUser()
  return {
    name: binary,
    exchangeOwner: process.getuid?.() === 0 ? SANDBOX_UID : undefined,
    async start({ number, exchange, spare, without }) {
      const name = `codevision-${process.pid}-${number}-${randomBytes(4).toString('hex')}`
      const options = containerArguments({ binary, name, user, exchange, memoryBytes, pids })
      const started = performance.now()
      return startProcess({
        command: [binary, ...options, image, '--spare', String(spare), ...withoutArguments(without)],
        environment,
        onKill: ({ isGraceful }) => {
          const isMade = isGraceful || performance.now() - started > MADE_AFTER_MS
          return removeContainer({ binary, name, environment, attempts: isMade ? 1 : REMOVAL_ATTEMPTS })
        },
      })
    },
  }
}

const REMOVAL_ATTEMPTS = 4
/** A client that lived this long has had its container made, or none will be. */
const MADE_AFTER_MS = 5_000
const REMOVAL_PAUSE_MS = 500
const REMOVAL_DEADLINE_MS = 20_000

/**
 * Killing the client leaves the container alive. One that was killed early may have asked for a container that the engine is still making, so a
 * container that is not there is looked for again.
 */
async function removeContainer({
  binary,
  name,
  environment,
  attempts,
}: {
  binary: 'docker' | 'podman'
  name: string
  environment: Readonly<Record<string, string>>
  attempts: number
}): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { exitCode, stdout } = await execa(binary, ['rm', '--force', name], {
      env: { ...environment },
      extendEnv: false,
      reject: false,
      timeout: REMOVAL_DEADLINE_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    if ((exitCode === 0 && stdout.includes(name)) || attempt === attempts) return
    await new Promise((resolve) => setTimeout(resolve, REMOVAL_PAUSE_MS))
  }
}

interface ContainerArguments {
  binary: 'docker' | 'podman'
  name: string
  user: string
  exchange: string
  memoryBytes: number
  pids: number
}

/** `docker run` and its options, without the image. */
export function containerArguments({
  binary,
  name,
  user,
  exchange,
  memoryBytes,
  pids,
}: ContainerArguments): string[] {
  return [
    'run',
    ...[
      '--interactive',
      '--rm',
      '--name',
      name,
      '--label',
      `${CONTAINER_LABEL}=${process.pid}`,
      '--label',
      `${PROCESS_LABEL}=${processIdentity()}`,
      '--log-driver',
      'none',
    ],
    ...['--network', 'none', '--hostname', 'sandbox', '--ipc', 'private'],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', user],
    ...(binary === 'podman' ? ['--userns', 'keep-id'] : []),
    ...['--pids-limit', String(pids), '--memory', String(memoryBytes), '--memory-swap', String(memoryBytes)],
    ...[
      '--ulimit',
      'core=0',
      '--shm-size',
      '64m',
      '--tmpfs',
      '/tmp:rw,nosuid,nodev,noexec,size=64m,mode=1777',
    ],
    ...['--mount', `type=bind,src=${exchange},dst=/exchange`],
    ...Object.entries(HOST_ENVIRONMENT).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
  ]
}

/** Files of the exchange directory must be readable on both sides, so an ordinary user is himself in there. */
function containerUser(): string {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  return uid === 0 ? `${SANDBOX_UID}:${SANDBOX_UID}` : `${uid}:${gid}`
}
