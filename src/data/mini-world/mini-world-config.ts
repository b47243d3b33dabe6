import { z } from 'zod'
import { explainIssues } from '../../config/explain-issues.js'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { checkRoom } from './check-room.js'
import { pixelsPerViewPixel } from './pixels-per-view-pixel.js'
import { CORRUPTIONS, FAMILIES, KINDS, STYLES } from './vocabulary.js'

const share = z.number().min(0).max(1)
/** Height of capital letters and digits, in pixels of the view. */
const height = z.number().gt(0).max(40)

const schema = z
  .strictObject({
    rows: z.number().int().positive().max(10_000_000).default(1000),
    seed: z.string().default('mini'),
    split: z.string().min(1).default('train'),
    families: z
      .array(z.enum(FAMILIES))
      .min(1)
      .default([...FAMILIES]),
    styles: z
      .array(z.enum(STYLES))
      .min(1)
      .default([...STYLES]),
    kinds: z
      .array(z.enum(KINDS))
      .min(1)
      .default([...KINDS]),
    transforms: z
      .array(z.enum(TRANSFORMS))
      .min(1)
      .default([...TRANSFORMS]),
    corruptions: z.array(z.enum(CORRUPTIONS)).default([...CORRUPTIONS]),
    /** Share of rows whose pictures are corrupted. */
    corrupted: share.default(0.25),
    /** Share of the comparing and adding rows that need two pictures. */
    pairs: share.default(0.25),
    /** Side of the square that has a picture's area, in pixels. */
    size: z.number().int().min(256).max(4096).default(1024),
    /** Most pixels of what the model sees. */
    view: z
      .number()
      .int()
      .min(64 * 64)
      .max(4096 * 4096)
      .default(224 * 224),
    /** Least and most things in a scene of the family `find`. */
    items: z.tuple([z.number().int().min(3), z.number().int().max(8)]).default([5, 8]),
    digits: z.number().int().min(2).max(5).default(3),
    'read-height': height.default(13),
    'find-height': height.default(4),
    /** How far things stand from where order would have them: 0 not at all, 1 as far as there is room. */
    jitter: share.default(0.5),
  })
  .refine(({ items: [least, most] }) => least <= most, {
    path: ['items'],
    error: 'expected the least number before the most',
  })
  .refine(({ size, view }) => size ** 2 >= 4 * view, {
    path: ['view'],
    error: 'expected a view of at most a quarter of the picture (--size), or nothing need be cropped',
  })
  .refine((config) => config['find-height'] * pixelsPerViewPixel(config) >= 12, {
    path: ['find-height'],
    error:
      'expected text of 12 pixels at least in the picture: choose a larger --find-height or --size, or a smaller --view',
  })

export type MiniWorldOptions = z.input<typeof schema>
export type MiniWorldConfig = Readonly<z.output<typeof schema>>

/**
 * Check what a mini world is to be; what is left out has its default. Lists are taken in their own order, however they were given, so that the same choice is the same world.
 * @throws UsageError naming each option, what was expected and what came.
 */
export function parseMiniWorldConfig(options: MiniWorldOptions): MiniWorldConfig {
  const result = schema.safeParse(options, { reportInput: true })
  if (!result.success) {
    const where = (): string => 'command line'
    throw new UsageError(explainIssues({ error: result.error, schema, where }).join('\n'))
  }
  const { data } = result
  checkRoom(data)
  return {
    ...data,
    families: FAMILIES.filter((name) => data.families.includes(name)),
    styles: STYLES.filter((name) => data.styles.includes(name)),
    kinds: KINDS.filter((name) => data.kinds.includes(name)),
    transforms: TRANSFORMS.filter((name) => data.transforms.includes(name)),
    corruptions: CORRUPTIONS.filter((name) => data.corruptions.includes(name)),
  }
}
