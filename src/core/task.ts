import type { Box, Transform } from './transform.js'

/** One question over one or more images. */
export interface Task {
  /** SHA-256 over question, answers and image bytes: the identity of the row, whatever file it came from. */
  readonly key: string
  /** The data set's own name for the row. */
  readonly id: string
  /** Suite the row belongs to. */
  readonly suite: string
  readonly question: string
  readonly images: readonly TaskImage[]
  /** Accepted answers; the first is the reference answer. */
  readonly answers: readonly string[]
  /** Texts of the options in the order in which the question shows them, A first; absent where the question is open. */
  readonly options?: readonly string[]
  /** Kind of question as the benchmark reports it (its question type, its category); absent where it has none. */
  readonly category?: string
  /** Questions of one cluster are variants of each other and not independent, such as the rotations of the options in HR-Bench; absent: alone. */
  readonly cluster?: string
  /** What was applied to the first image before the model was given it. */
  readonly transform: Transform
  /** Tools that undo the transformation in order, `crop` last (paper, section 4.1); null where the row does not say. */
  readonly requiredTools: readonly string[] | null
  /** Region that holds the evidence, in pixels of the first image as given; null where the row does not say. */
  readonly box: Box | null
  /** Further columns of the row, as they were (kind, category, licence …). */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** An image file of a task, as its data set holds it (never re-encoded). */
export interface TaskImage {
  /** SHA-256 of the file's bytes; of an image that is transformed when it is read, of its source's checksum and the transformation. */
  readonly sha256: string
  read(): Promise<Buffer>
}
