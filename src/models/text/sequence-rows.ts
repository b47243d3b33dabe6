import { slice, tensor2d, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core'

/** One sequence among the rows of several. */
export interface SequenceRows {
  readonly length: number
  /** Added to attention scores, [length, keys]; null where every row sees every key (a single new token). */
  readonly mask: Tensor2D | null
  /** Its rows of a tensor of all. */
  take(x: Tensor3D): Tensor3D
}

/** Far below every score; minus infinity would give NaN in a row that sees nothing. */
const HIDDEN = -1e9

/** Rows of sequences that lie one below the other; each row sees the earlier ones of its sequence, `past` of which are not among the rows. */
export function sequenceRows(sequences: readonly { length: number; past: number }[]): SequenceRows[] {
  let start = 0
  return sequences.map(({ length, past }) => {
    const first = start
    start += length
    return {
      length,
      mask: length === 1 ? null : causalMask({ length, past }),
      take: (x) => (length === x.shape[0] ? x : slice(x, [first, 0, 0], [length, x.shape[1], x.shape[2]])),
    }
  })
}

function causalMask({ length, past }: { length: number; past: number }): Tensor2D {
  const keys = past + length
  const values = new Float32Array(length * keys)
  for (let row = 0; row < length; row++) values.fill(HIDDEN, row * keys + past + row + 1, (row + 1) * keys)
  return tensor2d(values, [length, keys])
}
