import type { Random } from '../../../data/demo/random.js'

/** What the names in a template stand for; null: nothing to say of it. */
export type Slots = Readonly<Record<string, string | null>>

/**
 * Write a sentence from a template: `{a|b}` chooses, `[a]` is there half of the time, both may nest; `$name` is a slot, `$Name` the same with a capital. The text of
 * slots is taken as it is.
 * @throws RangeError for a slot that has no text, and for braces that do not match.
 */
export function expand({
  template,
  slots,
  random,
}: {
  template: string
  slots: Slots
  random: Random
}): string {
  const parser = { text: template, at: 0 }
  const chosen = readSequence(parser, '')(random)
  const filled = chosen.replace(/\$([A-Za-z]+)/g, (_, name: string) => fill({ name, slots, template }))
  return tidy(filled)
}

/** Names of the slots in a template that are always needed: those outside of any choice. */
export function slotsIn(template: string): string[] {
  return [...template.matchAll(/\$([A-Za-z]+)/g)].map(([, name = '']) => lowerFirst(name))
}

export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

type Part = (random: Random) => string

function readSequence(parser: { text: string; at: number }, end: string): Part {
  const options: Part[][] = [[]]
  for (; parser.at < parser.text.length; parser.at++) {
    const character = parser.text.charAt(parser.at)
    if (character === end || (character === '|' && end !== '')) {
      if (character === end) return choice(options)
      options.push([])
    } else if (character === '{') {
      parser.at++
      options.at(-1)?.push(readSequence(parser, '}'))
    } else if (character === '[') {
      parser.at++
      const inner = readSequence(parser, ']')
      options.at(-1)?.push((random) => (random.integer(0, 1) === 0 ? '' : inner(random)))
    } else options.at(-1)?.push(() => character)
  }
  if (end !== '') throw new RangeError(`Expected ${end} in the template, got its end: ${parser.text}`)
  return choice(options)
}

function choice(options: readonly (readonly Part[])[]): Part {
  return (random) =>
    random
      .pick(options)
      .map((part) => part(random))
      .join('')
}

function fill({ name, slots, template }: { name: string; slots: Slots; template: string }): string {
  const text = slots[lowerFirst(name)]
  if (text === undefined || text === null)
    throw new RangeError(`Expected a text for $${name}, got none in: ${template}`)
  return name === lowerFirst(name) ? text : upperFirst(text)
}

function tidy(text: string): string {
  return text
    .replace(/ {2,}/g, ' ')
    .replace(/ ([.,;:?!])/g, '$1')
    .trim()
}
