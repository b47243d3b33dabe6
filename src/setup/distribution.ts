import { readFile } from 'node:fs/promises'
import { findProgram } from '../config/find-program.js'

/** Families of Linux distributions by their package manager; `other` where none of these is known. */
export type DistributionFamily = 'debian' | 'fedora' | 'arch' | 'alpine' | 'suse' | 'other'

/** Programs that a user may have to install. */
export type Program = 'bubblewrap' | 'python' | 'pip' | 'docker' | 'podman' | 'compiler'

const FAMILIES: Readonly<Record<string, DistributionFamily>> = {
  debian: 'debian',
  ubuntu: 'debian',
  fedora: 'fedora',
  rhel: 'fedora',
  centos: 'fedora',
  arch: 'arch',
  alpine: 'alpine',
  suse: 'suse',
  'opensuse-leap': 'suse',
  'opensuse-tumbleweed': 'suse',
}

const INSTALL: Readonly<Record<Exclude<DistributionFamily, 'other'>, string>> = {
  debian: 'apt-get install -y',
  fedora: 'dnf install -y',
  arch: 'pacman -S --needed',
  alpine: 'apk add',
  suse: 'zypper install -y',
}

const PACKAGES: Readonly<Record<Program, Partial<Record<DistributionFamily, string>>>> = {
  bubblewrap: everywhere('bubblewrap'),
  podman: everywhere('podman'),
  docker: { debian: 'docker.io', fedora: 'moby-engine', arch: 'docker', alpine: 'docker', suse: 'docker' },
  python: { debian: 'python3.11 python3-pip', fedora: 'python3.11', suse: 'python311 python311-pip' },
  compiler: { debian: 'g++', fedora: 'gcc-c++', arch: 'gcc', alpine: 'g++', suse: 'gcc-c++' },
  pip: { debian: 'python3-pip', fedora: 'python3-pip', arch: 'python-pip', suse: 'python311-pip' },
}

/** The family of a distribution, from the text of its os-release file. */
export function familyOf(osRelease: string): DistributionFamily {
  const fields = new Map(
    osRelease.split('\n').flatMap((line) => {
      const [, key, value] = /^(ID|ID_LIKE)="?([^"]*)"?\s*$/.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[key, value] as const]
    }),
  )
  const names = [fields.get('ID') ?? '', ...(fields.get('ID_LIKE') ?? '').split(' ')]
  return names.map((name) => FAMILIES[name]).find((family) => family !== undefined) ?? 'other'
}

/** The family of the distribution that runs here. */
export async function thisFamily(): Promise<DistributionFamily> {
  for (const path of ['/etc/os-release', '/usr/lib/os-release']) {
    const text = await readFile(path, 'utf8').catch(() => null)
    if (text !== null) return familyOf(text)
  }
  return 'other'
}

/** The command that a user types to install a program, or null where the distribution has no package of it. */
export function installCommand({
  family,
  program,
  isRoot = isSuperuser(),
}: {
  family: DistributionFamily
  program: Program
  isRoot?: boolean
}): string | null {
  const name = PACKAGES[program][family]
  if (family === 'other' || name === undefined) return null
  return `${isRoot ? '' : 'sudo '}${INSTALL[family]} ${name}`
}

/** Whether packages can be installed here without asking anybody: root on Debian or one of its children. */
export async function canInstallPackages(): Promise<boolean> {
  if (!isSuperuser() || (await thisFamily()) !== 'debian') return false
  return findProgram('apt-get') !== null
}

export function isSuperuser(): boolean {
  return process.getuid?.() === 0
}

function everywhere(name: string): Record<DistributionFamily, string> {
  return { debian: name, fedora: name, arch: name, alpine: name, suse: name, other: name }
}
