import { z } from 'zod'

/** A name that a client chooses; it appears in log lines. */
export const callName = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/, {
  error: 'expected 1 to 128 letters, digits or . _ : -',
})

/** One that stands in paths, too. */
export const sessionName = callName.refine((name) => name !== '.' && name !== '..', {
  error: 'expected a name other than . and .., which HTTP clients take for folders of a path',
})

const pixels = z.number().int().positive()

/** Of bounds, one of which may be left out. */
const areOrdered = ({
  min_pixels: least = 0,
  max_pixels: most = Infinity,
}: {
  min_pixels?: number | undefined
  max_pixels?: number | undefined
}): boolean => least <= most

const notOrdered = {
  path: ['max_pixels'],
  error: ({ input }: { input?: unknown }) => {
    const { min_pixels } = input as { min_pixels: number }
    return `expected at least \`min_pixels\` (${min_pixels})`
  },
}

const bounds = z.strictObject({ min_pixels: pixels, max_pixels: pixels }).refine(areOrdered, notOrdered)

/** Bounds of width × height within which the model sees an image. */
export type ViewBounds = z.infer<typeof bounds>

/** POST /v1/sessions */
export const openRequest = z.strictObject({
  id: sessionName
    .optional()
    .describe("The rollout's id; the same id with the same images names the same session."),
  images: z
    .array(z.string().min(1))
    .min(1)
    .describe('Image files (PNG, JPEG, WebP …) as base64, or as data: URIs with base64.'),
  profile: z.enum(['standard', 'release']).optional().describe('Default: the first that the service offers.'),
})

/** POST /v1/sessions/{id}/execute */
export const executeRequest = z.strictObject({
  call_id: callName.describe('The same id again gets the same answer, without another run.'),
  code: z.string(),
  description: z.string().optional(),
  image_index: z.number().int().default(0).describe('Which image of the session is `image`, from 0.'),
  timeout_ms: z.number().positive().optional().describe('From the moment the code starts.'),
  return: z.enum(['png', 'pixels', 'none']).default('png').describe('How the image comes, as base64.'),
  view: bounds.optional().describe('Return the image resized into these bounds, as the model sees it.'),
})

export type ExecuteRequest = z.infer<typeof executeRequest>

const queryPixels = z.coerce.number().int().positive()

/** GET /v1/sessions/{id}/images/{n}: the query. */
export const imageQuery = z
  .strictObject({
    format: z.enum(['png', 'pixels']).default('png'),
    min_pixels: queryPixels.optional(),
    max_pixels: queryPixels.optional(),
  })
  .refine((query) => (query.min_pixels === undefined) === (query.max_pixels === undefined), {
    error: 'expected both of `min_pixels` and `max_pixels`, or none',
  })
  .refine(areOrdered, notOrdered)

/** The number of an image in a path. */
export const imageNumber = z.string().regex(/^\d{1,9}$/, { error: 'expected a number from 0' })
