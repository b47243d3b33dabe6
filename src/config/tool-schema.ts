import { z } from 'zod'

/** Keywords of Python, which are no names. */
const RESERVED =
  /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)$/

/** A name of a tool, or of one of its parameters. */
export const toolName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected lower-case letters, digits and _ (at most 40), a letter first')
  .refine((name) => !RESERVED.test(name), 'expected a name that is no keyword of Python')

const PLAIN = ['image', 'string', 'number', 'boolean', 'json'] as const
const common = { description: z.string().max(1_000).optional(), optional: z.boolean().default(false) }

const parameter = z.union([
  z.enum(PLAIN).transform((type) => ({ type, description: undefined, optional: false })),
  z.strictObject({ type: z.enum(PLAIN), ...common }),
  z.strictObject({
    type: z.literal('choice'),
    choices: z.array(z.string().min(1).max(200)).min(1).max(100),
    ...common,
  }),
])

/** By name, in order; those that may be left out come last. */
export const toolParameters = z
  .record(toolName, parameter)
  .refine((parameters) => Object.keys(parameters).length <= 16, 'expected at most 16 parameters')
  .refine(
    (parameters) => Object.values(parameters).filter(({ type }) => type === 'image').length <= MOST_IMAGES,
    'expected at most 8 images',
  )
  .refine((parameters) => {
    const optional = Object.values(parameters).map((one) => one.optional)
    return optional.every((isOptional, index) => isOptional || !optional[index - 1])
  }, 'expected the parameters that may be left out behind those that may not')

/** Images of one use. */
export const MOST_IMAGES = 8

export const toolResult = z.enum(['string', 'number', 'json', 'image', 'boxes'])

const count = z.number().int().positive()

/** Limits of a use, with their defaults. */
export const toolLimits = {
  maxCalls: count.max(10_000).default(20),
  maxPerMinute: count.default(600),
  maxBytes: count.max(2 ** 30).default(64 * 2 ** 20),
}

export const DEFAULT_TOOL_TIMEOUT_MS = 5_000

const configured = {
  /** Name in the code: `tools.NAME(…)`. */
  name: toolName,
  ...toolLimits,
  timeoutSeconds: z
    .number()
    .positive()
    .max(3_600)
    .default(DEFAULT_TOOL_TIMEOUT_MS / 1_000),
}

/** An HTTP endpoint; docs/host-tools.md tells what it is sent and may answer. */
const http = z
  .strictObject({
    ...configured,
    kind: z.literal('http'),
    description: z.string().max(1_000).optional(),
    url: z.url({ protocol: /^https?$/ }).refine((url) => {
      // What is no address is told by the check before this one.
      if (!URL.canParse(url)) return true
      const { username, password } = new URL(url)
      return username === '' && password === ''
    }, 'expected no user and password in the address; name an environment variable for the header Authorization instead'),
    method: z.enum(['GET', 'POST', 'PUT']).default('POST'),
    /** Headers by name; the values stand in environment variables, which are named here. */
    headers: z.record(z.string().regex(/^[\w-]+$/), z.string().regex(/^\w+$/)).default({}),
    parameters: toolParameters,
    result: toolResult,
  })
  .refine(
    ({ method, parameters }) =>
      method !== 'GET' || Object.values(parameters).every(({ type }) => type !== 'image' && type !== 'json'),
    { path: ['method'], error: 'expected POST or PUT, since images and json do not fit into an address' },
  )

/** A tool that comes with the project; `ocr`: words and their boxes, by Tesseract. */
const builtin = z.strictObject({
  ...configured,
  kind: z.literal('builtin'),
  builtin: z.enum(['ocr']),
  /** Threads that do its work. */
  workers: count.max(64).default(1),
})

/** One of the functions that the operator lets code in the sandbox call. */
export const toolSchema = z.discriminatedUnion('kind', [http, builtin])

/** All of them. */
export const toolsSchema = z
  .array(toolSchema)
  .max(32)
  .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, 'expected each name once')

export type ToolSettings = z.output<typeof toolSchema>
