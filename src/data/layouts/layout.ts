import type { ImageCell } from './cells.js'
import type { RawRow } from '../rows/row-file.js'
import type { MisnamedColumn } from './misnamed-columns.js'
import type { PromptTemplate } from './prompt-template.js'

/** What every layout of a row comes down to. */
export interface RowFields {
  /** The data set's own name for the row. */
  id: string
  /** As the model is asked, prompt and options included. */
  question: string
  answers: readonly string[]
  images: readonly ImageCell[]
  /** What was applied to the first image, and `crop` where the evidence must be cropped; null where the row does not say. */
  applied: readonly string[] | null
  /** The first image is the canonical one: the transformation is still to be applied. */
  isCanonical: boolean
  /** In pixels of the first image, after the transformation where the row names one. */
  box: readonly number[] | null
  options?: readonly string[]
  category?: string
  /** Name of the cluster, where the row has one. */
  cluster?: string
  /** Texts that, together with the images, are the same for every variant of one question. */
  variantsOf?: readonly string[]
  /** Rows of a benchmark with the same content are nevertheless rows: what tells them apart. Absent: they are asked once. */
  distinction?: string
  metadata: Readonly<Record<string, unknown>>
  /** Columns that look like one that is read and not there; absent: none. */
  misnamed?: readonly MisnamedColumn[]
}

/** What a suite says about reading its rows. */
export interface RowSettings {
  /** Name of the suite. */
  suite: string
  /** Of whatever is drawn, such as the order of options. */
  seed: number
  /** Null: the question as it is. */
  prompt: PromptTemplate | null
}

/** How a published data set lays out its rows. */
export interface Layout {
  /** Name of the schema, for error messages. */
  readonly schema: string
  /** Columns that must be there, by the format of the file; JSON rows are checked one by one. */
  readonly required: Readonly<Record<'parquet' | 'tsv', readonly string[]>>
  /** @throws UsageError naming file, row and column, what was expected and what came. */
  fields(parameters: { raw: RawRow; settings: RowSettings }): RowFields
}
