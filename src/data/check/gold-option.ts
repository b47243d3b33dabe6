import type { Task } from '../../core/task.js'
import { letterAt } from '../layouts/choices.js'

/** Place of the right option, from 0, of a question with options: its answer is a letter, or the text of one option. Null where it is neither. */
export function goldOption({ options = [], answers }: Task): number | null {
  for (const answer of answers.map((text) => text.trim())) {
    const byLetter = options.findIndex((_, place) => letterAt(place) === answer)
    if (byLetter !== -1) return byLetter
    const same = options.flatMap((option, place) => (option.trim() === answer ? place : []))
    if (same.length === 1) return same[0] ?? null
  }
  return null
}
