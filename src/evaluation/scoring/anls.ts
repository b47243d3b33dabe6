import { pythonLower, pythonUpper } from '../../core/python/case.js'
import { pythonLength, pythonSplit } from '../../core/python/text.js'

/**
 * Average normalized Levenshtein similarity of two texts, from 0 to 1: 1 − distance / length of the longer one, 0 where the distance
 * reaches the threshold. Case and runs of white space do not count; lengths are code points (of the capitals, as the `anls` package has it).
 */
export function anls({
  prediction,
  reference,
  threshold = 0.5,
}: {
  prediction: string
  reference: string
  threshold?: number
}): number {
  const [left, right] = [normalized(prediction), normalized(reference)]
  const longest = Math.max(pythonLength(pythonUpper(left)), pythonLength(pythonUpper(right)))
  if (longest === 0) return 1
  // The distance is no less than the difference of the lengths, which spares a long answer the rest.
  if (Math.abs(pythonLength(left) - pythonLength(right)) / longest >= threshold) return 0
  const distance = levenshtein(Array.from(left), Array.from(right)) / longest
  return distance < threshold ? 1 - distance : 0
}

function normalized(text: string): string {
  return pythonSplit(pythonLower(text)).join(' ')
}

function levenshtein(left: readonly string[], right: readonly string[]): number {
  let distances = Array.from({ length: left.length + 1 }, (_, index) => index)
  for (const [row, character] of right.entries()) {
    const next = [row + 1]
    for (const [column, other] of left.entries()) {
      const diagonal = distances[column] ?? 0
      next.push(
        character === other
          ? diagonal
          : 1 + Math.min(diagonal, distances[column + 1] ?? 0, next[column] ?? 0),
      )
    }
    distances = next
  }
  return distances.at(-1) ?? 0
}
