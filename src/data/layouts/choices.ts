import { createRandom } from '../demo/random.js'

/** A question with options: the texts in the order they are shown, and the letter of the right one. */
export interface Choices {
  options: readonly string[]
  letter: string
}

/** Letter of the option at a place, from 0. */
export function letterAt(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}

/** Options as they are shown: a line each, `A. text`. */
export function optionLines(options: readonly string[]): string {
  return options.map((text, index) => `${letterAt(index)}. ${text}`).join('\n')
}

/** Options in an order that the seed decides; the right one is known by its place before. */
export function shuffleChoices({
  options,
  right,
  seed,
}: {
  options: readonly string[]
  /** Place of the right option, from 0. */
  right: number
  seed: string
}): Choices {
  const order = createRandom({ seed }).shuffle(options.map((_, index) => index))
  return {
    options: order.map((index) => options[index] ?? ''),
    letter: letterAt(order.indexOf(right)),
  }
}
