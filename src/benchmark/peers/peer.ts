import type { NoiseImage } from '../noise-image.js'

export type PeerName = 'limit' | 'codevision' | 'fresh' | 'kernel' | 'per-call-container'

/** Calls to make, each caller by itself and one after the other. */
export interface Load {
  image: NoiseImage
  code: string
  /** Callers side by side. */
  concurrency: number
  /** A caller makes at least one call, and begins none when this time is over. */
  seconds: number
  /** Calls of one caller at most. */
  calls: number
  /** Pause of a caller before each of its calls. */
  pauseMs: number
}

/** What came of a load. */
export interface Measured {
  /** One number a call: from the call until its pixels, or its traceback, are in the caller's hand. */
  milliseconds: number[]
  callsPerSecond: number
  /** Of each caller's last answer; exactly one is not null. */
  answers: Answer[]
}

export interface Answer {
  /** Of the result's raw pixels. */
  sha256: string | null
  traceback: string | null
}

/** One way to run model code, ready to be measured. */
export interface Peer {
  readonly name: PeerName
  measure(load: Load): Promise<Measured>
  close(): Promise<void>
}
