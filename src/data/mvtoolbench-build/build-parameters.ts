import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import { IMAGE_FORMS } from './image-form.js'
import { QUESTION_KINDS } from './question-kind.js'
import { parseSplits } from './splits.js'

const count = z.number().int().positive()

const schema = z.strictObject({
  /** HierText's file, plain or gzipped. */
  annotations: z.string().min(1),
  /** Folder of the images. */
  images: z.string().min(1),
  /** `.parquet`, or `.jsonl` with a folder of images. */
  output: z.string().min(1),
  rows: count,
  seed: z.string(),
  kinds: z.array(z.enum(QUESTION_KINDS)).min(1),
  'max-area': z.number().gt(0).max(1),
  'min-height': z.number().gt(0),
  'view-pixels': z.number().int().min(0),
  handwritten: z.boolean(),
  split: z.array(z.string()).min(1).transform(parseSplits),
  /** Questions about one image at most. */
  'per-image': count,
  'image-form': z.enum(IMAGE_FORMS),
  /** Prove every box; of an output that is there already, instead of building it. */
  check: z.boolean(),
})

export type BuildOptions = z.input<typeof schema>

/**
 * Check the options of a build.
 * @throws UsageError naming the option, what was expected and what came.
 */
export function parseBuildParameters(options: BuildOptions) {
  const result = schema.safeParse(options, { reportInput: true })
  if (!result.success) {
    const where = (): string => 'command line'
    throw new UsageError(explainIssues({ error: result.error, schema, where }).join('\n'))
  }
  const { images, kinds, split, handwritten, check, ...rest } = result.data
  return {
    annotations: rest.annotations,
    imageFolder: images,
    output: rest.output,
    rows: rest.rows,
    seed: rest.seed,
    // In their own order, however they were listed: the same choice is the same suite.
    kinds: QUESTION_KINDS.filter((kind) => kinds.includes(kind)),
    limits: { maxArea: rest['max-area'], minHeight: rest['min-height'], viewPixels: rest['view-pixels'] },
    handwritten,
    splits: split,
    perImage: rest['per-image'],
    images: rest['image-form'],
    check,
  }
}

/** What to build; see docs/mvtoolbench.md. */
export type BuildParameters = ReturnType<typeof parseBuildParameters>
