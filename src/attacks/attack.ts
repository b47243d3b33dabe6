import type { Execution } from '../core/execution.js'
import type { SandboxImage } from '../core/image.js'
import type { ContainedHost } from '../chaos/victims.js'
import type { SandboxPool } from '../sandbox/pool.js'
import type { SwitchableLayer } from '../sandbox/runtime.js'

/** What came of an attack, as the caller of the sandbox sees it. */
export type Outcome =
  | { status: 'answered'; execution: Execution<SandboxImage> }
  /** The image was refused before any code ran. */
  | { status: 'refused'; message: string }
  /** The machine's fault, as the sandbox tells it: for a fault it may be right, for code never. */
  | { status: 'machine error'; message: string }

/** What stopped it, read from an errno, signal, exception or verdict that was seen. */
export interface Stop {
  /** Name of the layer, as in docs/security.md. */
  layer: string
  /** What was seen: `EPERM`, `MemoryError`, `SIGSEGV` … */
  evidence: string
  /** How the layer is left out, where that can be. */
  switch?: SwitchableLayer
}

interface AttackBase {
  /** The attack, as one says it. */
  name: string
  /** Evidence that counts as stopped; what one runtime answers with ENOENT, another may with EACCES. */
  expect: readonly string[]
  /** Also in the short form. */
  isShort?: boolean
}

/** Hostile code. */
export interface CodeAttack extends AttackBase {
  by: 'code'
  code: string
  timeoutMs?: number
  /** For code that ends well, and whose harmlessness is in what it printed or made. */
  isHarmless?: (execution: Execution<SandboxImage>) => boolean
  /** Attempted again with these layers left out too, where one alone would leave another with the same errno. */
  alsoWithout?: readonly SwitchableLayer[]
  /** A second call of the same session that looks for what the first one left, and must print exactly this. */
  witness?: { code: string; stdout: string }
  /** What holds behind the layer, where the errno does not tell. */
  behind?: string
}

/** A hostile image. */
export interface ImageAttack extends AttackBase {
  by: 'image'
  image: () => Promise<Buffer>
}

/** A part that dies, or a caller that asks too much. `run` rejects where a result is lost or wrong. */
export interface Fault extends AttackBase {
  by: 'fault'
  run: (context: FaultContext) => Promise<Stop>
}

export interface FaultContext {
  pool: SandboxPool
  /** The image that ordinary calls work on. */
  image: Buffer
  /** The host at work. */
  host: () => Promise<ContainedHost>
  /** End the container of the host at work. */
  killContainer: () => Promise<void>
  runtime: string
}

export type Attack = CodeAttack | ImageAttack | Fault
