import type { Sample } from '../core/sample.js'
import type { ImageStore } from './image-store.js'
import type { SampleState } from './journal.js'
import type { Manifest } from './manifest.js'

/** In the run folder of a training: a line for what each step measured. */
export const METRICS_FILE = 'metrics.jsonl'

/** A run folder that is read. */
export interface RunReader {
  /** The folder, absolute. */
  readonly path: string
  readonly manifest: Manifest
  readonly images: Pick<ImageStore, 'pathOf' | 'read'>
  /** Every sample once, the line that counts, in the order of the journal; streamed. */
  samples(): AsyncIterable<Sample>
  /** Lines of a JSON Lines file of the run, one that a crash cut off left out; empty where there is no such file. */
  readLines(name: string): Promise<unknown[]>
  /** One sample by its key; undefined where the run has none. What was appended after the first call is not seen. */
  find(key: string): Promise<Sample | undefined>
}

/** A run folder that files are derived from: no other process writes it until it is closed, and its samples stay as they are. Names may have folders, which are made. */
export interface DerivableRun extends RunReader {
  /** Write a derived JSON file such as `summary.json`, whole or not at all. */
  writeJson(name: string, value: unknown): Promise<void>
  /** Write a derived JSON Lines file, whole or not at all. */
  writeLines(name: string, values: readonly unknown[]): Promise<void>
  /** Write a derived text file, whole or not at all. */
  writeText(name: string, text: string): Promise<void>
  /** Give the lock back; may be called twice. */
  close(): Promise<void>
}

/** A run folder that this process writes; no other process can, until it is closed. */
export interface Run extends DerivableRun {
  readonly images: ImageStore
  /** Of every sample, what decides whether it runs again, without reading the journal once more. */
  states(): readonly SampleState[]
  /** One sample by its key, also one that was appended just now; undefined where the run has none. */
  find(key: string): Promise<Sample | undefined>
  /** Fulfilled when the sample is on the disk. */
  append(sample: Sample): Promise<void>
  /** Add a line to a JSON Lines file of the run other than the samples'. */
  appendLine(name: string, value: unknown): Promise<void>
}
