import type { Random } from '../demo/random.js'
import { CARD_COLUMNS, type SceneContent, type SceneItem } from './scene-content.js'
import { STYLE_WORDS } from './style-words.js'
import type { Kind, Style } from './vocabulary.js'

/** What an answer rests on: items by their place in the scene, or the code at the foot. */
export type Evidence = { kind: 'items'; indices: readonly number[] } | { kind: 'code' }

export interface Asked {
  question: string
  answer: string
  evidence: Evidence
}

/** Ask about one scene. Two items that are compared or added up are neighbours, so that one crop holds both at a size that can be read. */
export function ask({
  random,
  style,
  kind,
  content,
}: {
  random: Random
  style: Style
  kind: Kind
  content: SceneContent
}): Asked {
  const words = STYLE_WORDS[style]
  if (kind === 'read')
    return {
      question: `Which code is printed at the foot of ${words.whole}?`,
      answer: content.code,
      evidence: { kind: 'code' },
    }
  if (kind === 'count' || kind === 'look-up') {
    const index = random.integer(0, content.items.length - 1)
    const item = itemAt(content, index)
    const evidence = { kind: 'items', indices: [index] } as const
    return kind === 'count'
      ? { question: `How many dots are drawn ${words.at(item)}?`, answer: String(dotsOf(item)), evidence }
      : { question: `${words.which} ${words.at(item)}?`, answer: words.write(numberOf(item)), evidence }
  }
  const indices = neighbours({ random, style, content })
  const [first, second] = random.shuffle(indices).map((index) => itemAt(content, index))
  if (first === undefined || second === undefined) throw new RangeError('expected two items')
  const [a, b] = [numberOf(first), numberOf(second)]
  const [atFirst, atSecond] = [words.at(first), words.at(second)]
  const evidence = { kind: 'items', indices } as const
  switch (kind) {
    case 'compare':
      return {
        question: `Which ${words.value} is larger, the one ${atFirst} or the one ${atSecond}? Answer with the larger ${words.value}.`,
        answer: words.write(Math.max(a, b)),
        evidence,
      }
    case 'sum':
      return {
        question: `What is the sum of the ${words.value}s ${atFirst} and ${atSecond}?`,
        answer: words.write(a + b),
        evidence,
      }
  }
}

/** Ask about the same item of two scenes of one style. */
export function askPair({
  random,
  style,
  kind,
  contents: [first, second],
}: {
  random: Random
  style: Style
  kind: 'compare' | 'sum'
  contents: readonly [SceneContent, SceneContent]
}): Asked {
  const words = STYLE_WORDS[style]
  const index = random.integer(0, first.items.length - 1)
  const item = itemAt(first, index)
  const [a, b] = [numberOf(item), numberOf(itemAt(second, index))]
  const evidence = { kind: 'items', indices: [index] } as const
  const subject = `the ${words.value} ${words.at(item)}`
  switch (kind) {
    case 'compare':
      return {
        question: `Is ${subject} larger in the first image or in the second? Answer with the larger ${words.value}.`,
        answer: words.write(Math.max(a, b)),
        evidence,
      }
    case 'sum':
      return {
        question: `Take ${subject} in the first image and in the second. What is the sum of both?`,
        answer: words.write(a + b),
        evidence,
      }
  }
}

/** Two items of which one stands directly above the other. */
function neighbours({
  random,
  style,
  content,
}: {
  random: Random
  style: Style
  content: SceneContent
}): [number, number] {
  const columns = style === 'cards' ? CARD_COLUMNS : new Set(content.items.map(({ column }) => column)).size
  const first = random.integer(0, content.items.length - 1 - columns)
  return [first, first + columns]
}

function itemAt(content: SceneContent, index: number): SceneItem {
  const item = content.items[index]
  if (item === undefined) throw new RangeError(`expected an item ${index}, got ${content.items.length} items`)
  return item
}

function numberOf({ label, value }: SceneItem): number {
  if (value.kind !== 'number') throw new TypeError(`expected a number at ${label}, got dots`)
  return value.number
}

function dotsOf({ label, value }: SceneItem): number {
  if (value.kind !== 'dots') throw new TypeError(`expected dots at ${label}, got a number`)
  return value.cells.length
}
