import type { Thumbnail } from './thumbnail.js'

/** Standard deviation in grey levels below which an image shows nothing that could be compared. */
const PLAIN = 2

/** Correlation of the grey levels of two thumbnails, −1 to 1; 0 where one of them is plain. */
export function correlation(a: Thumbnail, b: Thumbnail): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [together, squareA, squareB] = [0, 0, 0]
  for (const [at, value] of a.entries()) {
    const [fromA, fromB] = [value - meanA, (b[at] ?? 0) - meanB]
    together += fromA * fromB
    squareA += fromA * fromA
    squareB += fromB * fromB
  }
  const least = PLAIN * PLAIN * a.length
  return squareA < least || squareB < least ? 0 : together / Math.sqrt(squareA * squareB)
}

function mean(values: Thumbnail): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
