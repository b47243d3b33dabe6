import { z } from 'zod'
import { UsageError } from '../core/errors.js'

/** An hour: what is meant to run longer is no call. */
export const MAX_TIMEOUT_MS = 3_600_000

const count = z.number().int().positive()

const limitsSchema = z.object({
  timeoutMs: z.number().positive().max(MAX_TIMEOUT_MS),
  memoryBytes: count.max(2 ** 40),
  maxResultPixels: count.max(2 ** 31),
  maxInputPixels: count.max(2 ** 31),
})

const poolSchema = z.object({
  limits: limitsSchema,
  hosts: count.max(1_000),
  concurrency: count.max(1_000),
  maxQueue: count.optional(),
  maxBytes: z.number().positive().optional(),
})

const callSchema = z.object({
  code: z.string(),
  imageIndex: z.number().int(),
  timeoutMs: limitsSchema.shape.timeoutMs,
})

const viewSchema = z.object({ index: z.number().int(), minPixels: count, maxPixels: count })

/** @throws UsageError naming each option that cannot be used, what was expected and what came. */
export function checkPoolOptions(options: z.input<typeof poolSchema>): void {
  check(poolSchema, options)
}

/** @throws UsageError as above. */
export function checkCall(call: z.input<typeof callSchema>): void {
  check(callSchema, call)
}

/** @throws UsageError as above. */
export function checkView(view: z.input<typeof viewSchema>): void {
  check(viewSchema, view)
}

function check(schema: z.ZodType, value: unknown): void {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return
  const problems = result.error.issues.map(
    ({ path, message, input }) => `${path.join('.')}: ${message.toLowerCase()}, got ${describe(input)}`,
  )
  throw new UsageError(problems.join('; '))
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)
}
