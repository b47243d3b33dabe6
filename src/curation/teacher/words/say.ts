import type { Random } from '../../../data/demo/random.js'
import { expand, slotsIn, upperFirst, type Slots } from './expand.js'

/** A sentence from one of the templates that can be filled; nothing where none can. */
export function say({
  templates,
  slots,
  random,
}: {
  templates: readonly string[]
  slots: Slots
  random: Random
}): string {
  const usable = templates.filter((template) =>
    slotsIn(template).every((name) => (slots[name] ?? null) !== null),
  )
  if (usable.length === 0) return ''
  return upperFirst(expand({ template: random.pick(usable), slots, random }))
}

/** Sentences in a row, without those that say nothing. */
export function paragraph(sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ')
}
