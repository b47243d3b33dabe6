import { z } from 'zod'
import type { RuntimeCheck } from './bubblewrap.js'
import { installCommand, thisFamily } from './distribution.js'
import { runCommand } from './run-command.js'
import type { WheelArchitecture } from './wheel-platforms.js'

export type ContainerBinary = 'docker' | 'podman'

export const CONTAINER_BINARIES: readonly ContainerBinary[] = ['docker', 'podman']

export type EngineCheck =
  (RuntimeCheck & { status: 'missing' }) | { status: 'ok'; version: string; architecture: WheelArchitecture }

const DockerVersion = z.object({ Server: z.object({ Version: z.string(), Arch: z.string() }) })
const PodmanInfo = z.object({
  host: z.object({ arch: z.string() }),
  version: z.object({ Version: z.string() }),
})

const TIMEOUT_MS = 15_000

/** Whether the engine behind a client answers, and which one it is. */
export async function checkEngine({
  binary,
  signal,
}: {
  binary: ContainerBinary
  signal?: AbortSignal | undefined
}): Promise<EngineCheck> {
  const args =
    binary === 'docker' ? ['version', '--format', '{{json .}}'] : ['info', '--format', '{{json .}}']
  const result = await runCommand({ file: binary, args, timeoutMs: TIMEOUT_MS, signal })
  if (result.isMissing) {
    const command = installCommand({ family: await thisFamily(), program: binary })
    return { status: 'missing', problem: `${binary} is not installed`, fix: command ?? `Install ${binary}.` }
  }
  if (!result.isOk)
    return {
      status: 'missing',
      problem: `the client is here, but no engine answers: ${result.problem}`,
      fix: binary === 'docker' ? howToStartDocker() : 'podman info',
    }
  const { version, arch } = readEngine({ binary, json: result.stdout })
  const architecture = architectureOf(arch)
  if (architecture === null)
    return {
      status: 'missing',
      problem: `the engine runs on ${arch}; the sandbox's wheels are for x86-64 and arm64`,
      fix: 'Use an engine on another machine (DOCKER_HOST).',
    }
  return { status: 'ok', version, architecture }
}

function readEngine({ binary, json }: { binary: ContainerBinary; json: string }): {
  version: string
  arch: string
} {
  const answer: unknown = JSON.parse(json)
  if (binary === 'docker') {
    const { Server } = DockerVersion.parse(answer)
    return { version: Server.Version, arch: Server.Arch }
  }
  const { host, version } = PodmanInfo.parse(answer)
  return { version: version.Version, arch: host.arch }
}

function architectureOf(arch: string): WheelArchitecture | null {
  if (arch === 'amd64' || arch === 'x86_64') return 'x64'
  if (arch === 'arm64' || arch === 'aarch64') return 'arm64'
  return null
}

function howToStartDocker(): string {
  return process.platform === 'linux'
    ? 'sudo systemctl start docker (and: sudo usermod -aG docker $USER, where the socket refuses you)'
    : 'Start Docker Desktop.'
}
