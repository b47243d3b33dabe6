import type { Wire } from '../bridge/wire.js'

export type RuntimeName = 'docker' | 'podman' | 'bubblewrap' | 'none' | 'socket'

/** Where the pieces of the contained Python are on this machine. */
export interface PythonParts {
  /** Interpreter, CPython 3.11. */
  executable: string
  /** `sys.base_prefix` of the interpreter. */
  basePrefix: string
  /** Folder with Pillow, NumPy and OpenCV. */
  site: string
  /** The package's folder py_sandbox/. */
  sandboxPackage: string
  /** pythonia's Python files. */
  pythonia: string
}

/** Layers of a worker that the project's own attacks can have left out; nothing that a caller of the sandbox says comes here. */
export type SwitchableLayer = 'seccomp' | 'landlock' | 'rlimits' | 'hide'

export interface StartHostParameters {
  /** Number of the host within its sandbox, for names and messages. */
  number: number
  /** Folder of this machine that the host sees as its exchange directory. */
  exchange: string
  /** Workers kept ready. */
  spare: number
  /** Layers that the workers do without, so that an attack meets the others alone. Only the attack suite names any. */
  without?: readonly SwitchableLayer[]
  /** Ends a start that is not wanted any more. */
  signal?: AbortSignal | undefined
}

/** One way to contain a host. */
export interface Runtime {
  readonly name: RuntimeName
  /** User id that must own the exchange directory; undefined: whoever we are. */
  readonly exchangeOwner: number | undefined
  /** Start a host and return the wire to it; the wire's end tells of its death. */
  start(parameters: StartHostParameters): Promise<Wire>
  /** Sandboxes that run already, for which the pool opens a place each; undefined: it starts as many as it likes. */
  readonly replicas?: number
  /** The folder that a sandbox which runs already shares with us, in which the exchange directory is made. @throws SandboxError where there is none. */
  sharedFolder?(parameters: { number: number }): Promise<string>
}

/** Arguments of bootstrap.py that every runtime passes. */
export function hostArguments({
  site,
  pythonia,
  spare,
  without,
}: {
  site: string
  pythonia: string
  spare: number
  without?: readonly SwitchableLayer[] | undefined
}): string[] {
  return ['--site', site, '--pythonia', pythonia, '--spare', String(spare), ...withoutArguments(without)]
}

/** What leaves layers out; nothing where none is named. */
export function withoutArguments(layers: readonly SwitchableLayer[] = []): string[] {
  return layers.length === 0 ? [] : ['--without', layers.join(',')]
}

/** The contained user: no account of any system we know. */
export const SANDBOX_UID = 65532

/** The environment of a contained interpreter. */
export const HOST_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  LANG: 'C.UTF-8',
  HOME: '/tmp',
  PYTHONHASHSEED: '0',
}
