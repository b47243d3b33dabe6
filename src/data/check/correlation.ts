import type { Thumbnail } from './thumbnail.js'

/** Standard deviation in grey levels below which an image shows nothing that could be compared. */
export const PLAIN = 2

/** Correlation of the grey levels of two thumbnails, −1 to 1; 0 where one of them is plain. Sums are whole numbers, so that it does not depend on their order. */
export function correlation(a: Thumbnail, b: Thumbnail): number {
  let [sumA, sumB, squareA, squareB, together] = [0, 0, 0, 0, 0]
  for (let at = 0; at < a.length; at++) {
    const [levelA, levelB] = [a[at] ?? 0, b[at] ?? 0]
    sumA += levelA
    sumB += levelB
    squareA += levelA * levelA
    squareB += levelB * levelB
    together += levelA * levelB
  }
  const { length } = a
  const spreadA = squareA - (sumA * sumA) / length
  const spreadB = squareB - (sumB * sumB) / length
  const least = PLAIN * PLAIN * length
  if (spreadA < least || spreadB < least) return 0
  return (together - (sumA * sumB) / length) / Math.sqrt(spreadA * spreadB)
}
