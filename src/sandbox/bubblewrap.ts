import { existsSync, lstatSync, readlinkSync } from 'node:fs'
import { startProcess } from '../bridge/process-wire.js'
import {
  HOST_ENVIRONMENT,
  hostArguments,
  SANDBOX_UID,
  type PythonParts,
  type Runtime,
  type SwitchableLayer,
} from './runtime.js'

const TMP_BYTES = 64 << 20
const SHM_BYTES = 64 << 20

export interface BubblewrapParameters {
  python: PythonParts
  /** Program; default `bwrap` on PATH. */
  binary?: string
  /** Whether we run as root; then no user namespace is needed and the host becomes an ordinary user itself. */
  isRoot?: boolean
}

/** Containment by bubblewrap: own mount, pid, network, IPC, UTS and cgroup namespaces, read-only runtime, no capabilities. */
export function bubblewrapRuntime({
  python,
  binary = 'bwrap',
  isRoot = process.getuid?.() === 0,
}: BubblewrapParameters): Runtime {
  return {
    name: 'bubblewrap',
    exchangeOwner: isRoot ? SANDBOX_UID : undefined,
    async start({ exchange, spare, without }) {
      const command: [string, ...string[]] = [
        binary,
        ...bubblewrapArguments({ python, exchange, isRoot }),
        ...hostCommand({ python, spare, isRoot, without }),
      ]
      return startProcess({ command, environment: { PATH: '/usr/bin:/bin:/usr/local/bin' } })
    },
  }
}

/** The options of bwrap, without the command that it runs. */
export function bubblewrapArguments({
  python,
  exchange,
  isRoot,
}: {
  python: PythonParts
  exchange: string
  isRoot: boolean
}): string[] {
  return [
    ...namespaces(isRoot),
    // bwrap gives folders that it makes on the way to root alone.
    ...['--perms', '0755', '--dir', '/etc', '--perms', '0755', '--dir', '/opt'],
    ...systemMounts(),
    ...(isSystemPython(python) ? [] : ['--ro-bind', python.basePrefix, '/opt/python']),
    ...['--ro-bind', python.site, '/opt/site'],
    ...['--ro-bind', python.sandboxPackage, '/opt/codevision'],
    ...['--ro-bind', python.pythonia, '/opt/pythonia'],
    ...['--bind', exchange, '/exchange'],
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', String(SHM_BYTES), '--tmpfs', '/dev/shm'],
    ...['--perms', '1777', '--size', String(TMP_BYTES), '--tmpfs', '/tmp'],
    ...['--remount-ro', '/', '--chdir', '/tmp', '--hostname', 'sandbox', '--clearenv'],
    ...Object.entries({ ...HOST_ENVIRONMENT, ...libraryPath(python) }).flatMap(([name, value]) => [
      '--setenv',
      name,
      value,
    ]),
    '--',
  ]
}

function namespaces(isRoot: boolean): string[] {
  const common = [
    '--unshare-ipc',
    '--unshare-pid',
    '--unshare-net',
    '--unshare-uts',
    '--unshare-cgroup-try',
    '--die-with-parent',
    '--new-session',
  ]
  // Root makes the namespaces without a user namespace, keeps two capabilities to become somebody else, and loses them by doing so.
  if (isRoot) return [...common, '--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']
  return [
    ...common,
    '--unshare-user',
    '--uid',
    String(SANDBOX_UID),
    '--gid',
    String(SANDBOX_UID),
    '--cap-drop',
    'ALL',
  ]
}

/** /usr read-only, and the top-level names that point into it or stand beside it. */
function systemMounts(): string[] {
  const links = ['/lib', '/lib64', '/lib32', '/libx32', '/bin', '/sbin'].filter((path) => existsSync(path))
  return [
    ...['--ro-bind', '/usr', '/usr'],
    ...links.flatMap((path) =>
      lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path],
    ),
    ...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  ]
}

function hostCommand({
  python,
  spare,
  isRoot,
  without,
}: {
  python: PythonParts
  spare: number
  isRoot: boolean
  without: readonly SwitchableLayer[] | undefined
}): string[] {
  const interpreter = isSystemPython(python) ? python.executable : '/opt/python/bin/python3.11'
  return [
    interpreter,
    ...['-I', '-S', '-B', '/opt/codevision/py_sandbox/bootstrap.py'],
    ...hostArguments({ site: '/opt/site', pythonia: '/opt/pythonia', spare, without }),
    ...(isRoot ? ['--uid', String(SANDBOX_UID)] : []),
  ]
}

/** An interpreter away from its own place would take the system's libpython for its own. */
function libraryPath(python: PythonParts): Record<string, string> {
  return isSystemPython(python) ? {} : { LD_LIBRARY_PATH: '/opt/python/lib' }
}

function isSystemPython({ basePrefix }: PythonParts): boolean {
  return basePrefix === '/usr' || basePrefix.startsWith('/usr/')
}
