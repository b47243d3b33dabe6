import type { Readable, Writable } from 'node:stream'

/** Two streams to a Python that speaks the bridge, and the knowledge of its end. */
export interface Wire {
  /** JSON lines to Python. */
  readonly input: Writable
  /** JSON lines from Python; lines that do not start with `{` are its log. */
  readonly output: Readable
  /** Resolves, never rejects, with one sentence that says how it ended. */
  readonly ended: Promise<string>
  /** Resolves, never rejects, once also all that belongs to it, such as its container, is gone. Absent: with `ended`. */
  readonly gone?: Promise<void>
  /** End it now, whatever it does; idempotent. */
  kill(): void
}
