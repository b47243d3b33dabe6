import { SandboxError } from '../core/errors.js'

export interface Platform {
  /** As Node names them: `linux`, `darwin`, `win32`; `x64`, `arm64`. */
  system: string
  architecture: string
  /** Version of the GNU C library, or null where there is none (macOS, Windows, Alpine). */
  glibc: string | null
}

/** The machine this process runs on. */
export function thisPlatform(): Platform {
  return { system: process.platform, architecture: process.arch, glibc: glibcVersion() }
}

/** Why the sandbox can run only in Docker or Podman here; null where bubblewrap will do. */
export function whyContainersOnly({ system, architecture, glibc }: Platform): string | null {
  if (system === 'darwin') return 'on macOS the sandbox runs in Docker only'
  if (system === 'win32') return 'on Windows the sandbox runs in Docker only'
  if (system !== 'linux') return `on ${system} the sandbox runs in Docker only`
  if (architecture !== 'x64') return `on Linux for ${architecture} the sandbox runs in Docker or Podman only`
  if (glibc === null)
    return 'the wheels of the sandbox need the GNU C library: here the sandbox runs in Docker or Podman only'
  if (!isAtLeast(glibc, [2, 28]))
    return `the wheels of the sandbox need glibc 2.28, found ${glibc}: here the sandbox runs in Docker or Podman only`
  return null
}

/** @throws SandboxError where the sandbox's Python cannot run outside a container image. */
export function requireNativePlatform(platform: Platform = thisPlatform()): void {
  const reason = whyContainersOnly(platform)
  if (reason !== null)
    throw new SandboxError(`${sentence(reason)}. Start Docker, then run: codevision setup docker`)
}

function glibcVersion(): string | null {
  if (process.platform !== 'linux') return null
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime ?? null
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number)
  return actualMajor > major || (actualMajor === major && actualMinor >= minor)
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
