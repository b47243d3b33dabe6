import type { z } from 'zod'
import { didYouMean } from './did-you-mean.js'
import { knownKeys, knownValues } from './known-keys.js'

/** One wrong value: where it stands and what is wrong with it. */
export interface Issue {
  path: readonly PropertyKey[]
  text: string
}

/** One sentence for each wrong value; `where` gives its beginning (file and line, or the option). */
export function explainIssues({
  error,
  schema,
  where,
}: {
  error: z.ZodError
  schema: z.ZodType
  where: (issue: Issue) => string
}): string[] {
  return error.issues
    .flatMap((issue) => flatten(issue, []))
    .flatMap(({ issue, path }) => explain({ issue, path, schema }))
    .map((issue) => `${where(issue)}: ${issue.text}`)
}

interface Located {
  issue: z.core.$ZodIssue
  path: PropertyKey[]
}

/** Of a union, the branch that came furthest: its issues tell more than "invalid input". */
function flatten(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[]): Located[] {
  const path = [...prefix, ...issue.path]
  // A name that is wrong in itself: what is wrong with it stands inside.
  if (issue.code === 'invalid_key') {
    const message = issue.issues.map((inner) => inner.message).join(', ')
    return [{ issue: { ...issue, message, input: path.at(-1) }, path }]
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }]
  const branches = issue.errors.map((errors) => errors.flatMap((inner) => flatten(inner, path)))
  const deepest = (branch: Located[]): number =>
    Math.max(
      ...branch.map((located) => located.path.length + (located.issue.code === 'unrecognized_keys' ? 1 : 0)),
    )
  const best = branches.reduce((a, b) => (deepest(b) > deepest(a) ? b : a))
  if (deepest(best) > path.length) return best
  const message = [...new Set(branches.flat().map((located) => located.issue.message))]
    .map(expectation)
    .join(', or ')
  return [{ issue: { ...issue, message }, path }]
}

const BOUNDS = { '>=': 'of at least', '>': 'above', '<=': 'of at most', '<': 'below' } as const
const LENGTHS = { '>=': 'at least', '>': 'more than', '<=': 'at most', '<': 'fewer than' } as const

/** What a message of the library says was expected, without its preamble. */
function expectation(message: string): string {
  return message
    .replace(/^Invalid (input|option): /, '')
    .replace(/^Invalid discriminator value\. Expected/, 'expected one of')
    .replace(/, received .*$/, '')
    .replace(/^expected int$/, 'expected a whole number')
    .replace(
      /^Too (?:small|big): expected (int|number) to be (>=|>|<=|<)/,
      (_, kind: string, bound: keyof typeof BOUNDS) =>
        `expected a ${kind === 'int' ? 'whole number' : 'number'} ${BOUNDS[bound]} `,
    )
    .replace(
      /^Too (?:small|big): expected \w+ to have (>=|>|<=|<)/,
      (_, bound: keyof typeof LENGTHS) => `expected ${LENGTHS[bound]} `,
    )
}

/** For a union told apart by one key, and a rule about several keys of an object, the value of the key that the issue names rather than the whole object. */
function inputOf({ issue, path }: Located): unknown {
  const { input } = issue
  const key = String(path[path.length - 1])
  if (typeof input !== 'object' || input === null) return input
  if (issue.code === 'invalid_union' && 'discriminator' in issue) return valueAt(input, key)
  return issue.code === 'custom' && Object.hasOwn(input, key) ? valueAt(input, key) : input
}

function valueAt(object: object, key: string): unknown {
  return Object.entries(object).find(([name]) => name === key)?.[1]
}

function explain({ issue, path, schema }: Located & { schema: z.ZodType }): Issue[] {
  const name = pathText(path)
  if (issue.code !== 'unrecognized_keys') {
    const expected = expectation(issue.message)
    const input = inputOf({ issue, path })
    if (input === undefined) return [{ path, text: `${name} is missing; ${expected}` }]
    const candidates = knownValues({ schema, path })
    const meant = typeof input === 'string' ? didYouMean({ given: input, candidates }) : null
    const hint = meant === null ? '' : `; did you mean \`${meant}\`?`
    // Of a list of the wrong length, what is in it does not matter.
    const isLength = Array.isArray(input) && (issue.code === 'too_big' || issue.code === 'too_small')
    const got = isLength ? input.length : preview(input)
    return [{ path, text: `${name}: ${expected}, got ${got}${hint}` }]
  }
  const known = knownKeys({ schema, path })
  return issue.keys.map((key) => {
    // Of a union, the keys of every branch are known.
    if (known.includes(key)) {
      const text = `unknown key ${pathText([...path, key])} here: it belongs to another kind of ${name}; leave it out, or choose that kind`
      return { path: [...path, key], text }
    }
    const meant = didYouMean({ given: key, candidates: known })
    const hint = meant === null ? `known keys: ${known.join(', ')}` : `did you mean \`${meant}\`?`
    return { path: [...path, key], text: `unknown key ${pathText([...path, key])}; ${hint}` }
  })
}

/** `agent.turns`, `images[0].bytes`; in backquotes. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before}[${step}]`
    return before === '' ? String(step) : `${before}.${String(step)}`
  }, '')
  return text === '' ? 'the whole value' : `\`${text}\``
}

/** A value in an error message: short, and never the bytes of an image. */
export function preview(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (value === undefined) return 'nothing'
  // JSON has no such numbers.
  if (typeof value === 'number') return String(value)
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? Number(inner) : inner,
  )
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
