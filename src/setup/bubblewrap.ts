import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { findUsualProgram } from '../config/find-program.js'
import { installCommand, isSuperuser, thisFamily } from './distribution.js'
import { runCommand } from './run-command.js'

export type RuntimeCheck =
  | { status: 'ok'; version: string }
  /** `fix` is a command to type, or what else to do. */
  | { status: 'missing'; problem: string; fix: string }

/** What containment needs of bubblewrap: namespaces, a new root, its own /proc and /dev. Root makes them without a user namespace. */
function trial(): string[] {
  return [
    ...['--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...(isSuperuser() ? [] : ['--unshare-user']),
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    'true',
  ]
}

/** Settings of the kernel that forbid namespaces to users, the value that does, and the command that allows them. */
const SWITCHES = [
  { path: 'kernel/unprivileged_userns_clone', forbids: '0', allow: 'kernel.unprivileged_userns_clone=1' },
  { path: 'user/max_user_namespaces', forbids: '0', allow: 'user.max_user_namespaces=65536' },
  {
    path: 'kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    allow: 'kernel.apparmor_restrict_unprivileged_userns=0',
  },
]

/** Whether bubblewrap is here and can really make a container: it is tried, not guessed. */
export async function checkBubblewrap({
  program = 'bwrap',
  installed = findUsualProgram(program),
  signal,
}: {
  program?: string
  /** Where it lies besides PATH; null: nowhere. */
  installed?: string | null
  signal?: AbortSignal | undefined
} = {}): Promise<RuntimeCheck> {
  const version = await runCommand({ file: program, args: ['--version'], timeoutMs: 10_000, signal })
  if (version.isMissing && installed !== null) {
    return {
      status: 'missing',
      problem: `bubblewrap is installed as ${installed}, but PATH does not name its folder`,
      fix: `export PATH="$PATH:${dirname(installed)}"`,
    }
  }
  if (version.isMissing) {
    const command = installCommand({ family: await thisFamily(), program: 'bubblewrap' })
    return {
      status: 'missing',
      problem: 'bubblewrap is not installed',
      fix: command ?? 'Install bubblewrap with your package manager.',
    }
  }
  if (!version.isOk)
    return {
      status: 'missing',
      problem: `bwrap --version failed: ${version.problem}`,
      fix: 'Reinstall bubblewrap.',
    }
  const tried = await runCommand({ file: program, args: trial(), timeoutMs: 10_000, signal })
  if (tried.isOk) return { status: 'ok', version: version.stdout.replace(/^bubblewrap /, '').trim() }
  return {
    status: 'missing',
    problem: `bubblewrap cannot make namespaces here: ${tried.problem}`,
    fix: (await howToAllowNamespaces()) ?? OUTER_CONTAINER,
  }
}

const OUTER_CONTAINER =
  'No setting of this kernel forbids it, so an outer container probably does: start that one with --privileged, ' +
  'or use Docker or Podman instead of bubblewrap.'

async function howToAllowNamespaces(): Promise<string | null> {
  // Root makes no user namespace, so none of them stands in its way.
  if (isSuperuser()) return null
  for (const { path, forbids, allow } of SWITCHES) {
    const value = await readFile(`/proc/sys/${path}`, 'utf8').catch(() => null)
    if (value?.trim() === forbids) return `sudo sysctl -w ${allow}`
  }
  return null
}
