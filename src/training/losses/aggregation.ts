import type { Aggregation } from '../../core/training-choices.js'
import { at, mapRows, type TokenRows } from './token-rows.js'

/** Tokens that count, and by which rule. */
export interface AggregatedTokens {
  /** 1 where a token counts, 0 where not: [sequences][tokens]. Other weights are allowed. */
  mask: TokenRows
  mode: Aggregation
  /** Of the batch, in tokens, for `seq-mean-token-sum-norm`: the longest response allowed. Default: the longest row. */
  width?: number
}

/** In single precision, as the reference adds it to a count of tokens. */
const TINY = Math.fround(1e-8)

/**
 * Mean loss of tokens. A NaN at a token that does not count is no matter under `token-mean`; elsewhere it is, and a sequence without tokens makes `seq-mean-token-mean` NaN.
 */
export function aggregate({ values, ...tokens }: AggregatedTokens & { values: TokenRows }): number {
  const { mask, mode, width = widthOf(mask) } = tokens
  checkShape({ values, mask })
  const sums = values.map((row, index) => weightedSum({ row, weights: mask[index] ?? [], mode }))
  const counts = Array.from(mask, (row) => total(row))
  switch (mode) {
    case 'token-mean':
      return total(sums) / tokenCount(counts)
    case 'seq-mean-token-sum':
      return total(sums) / sums.length
    case 'seq-mean-token-mean':
      return total(sums.map((sum, index) => sum / (counts[index] ?? 0))) / sums.length
    case 'seq-mean-token-sum-norm':
      return total(sums) / width
  }
}

/** ∂aggregate/∂value of each token: [sequences][tokens]. */
export function aggregationWeights({ mask, mode, width = widthOf(mask) }: AggregatedTokens): Float64Array[] {
  const counts = Array.from(mask, (row) => total(row))
  const divisor = (row: number): number => {
    switch (mode) {
      case 'token-mean':
        return tokenCount(counts)
      case 'seq-mean-token-sum':
        return mask.length
      case 'seq-mean-token-mean':
        return (counts[row] ?? 0) * mask.length
      case 'seq-mean-token-sum-norm':
        return width
    }
  }
  const divisors = mask.map((_, row) => divisor(row))
  return mapRows(mask, (weight, row) => weight / (divisors[row] ?? Number.NaN))
}

/** Mean over the tokens that count, under every mode of aggregation: for figures such as the share of clipped tokens. */
export function maskedMean({ values, mask }: { values: TokenRows; mask: TokenRows }): number {
  return aggregate({ values, mask, mode: 'token-mean' })
}

function weightedSum({
  row,
  weights,
  mode,
}: {
  row: ArrayLike<number>
  weights: ArrayLike<number>
  mode: Aggregation
}): number {
  let sum = 0
  for (let index = 0; index < row.length; index++) {
    const weight = weights[index] ?? 0
    if (weight === 0 && mode === 'token-mean') continue
    sum += (row[index] ?? 0) * weight
  }
  return sum
}

function tokenCount(counts: readonly number[]): number {
  return Math.fround(total(counts) + TINY)
}

function widthOf(mask: TokenRows): number {
  return mask.reduce((longest, row) => Math.max(longest, row.length), 0)
}

function total(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index] ?? 0
  return sum
}

function checkShape({ values, mask }: { values: TokenRows; mask: TokenRows }): void {
  mapRows(values, (value, row, column) => value * at(mask, row, column))
  if (values.length !== mask.length)
    throw new RangeError(`expected a mask of ${values.length} rows, got ${mask.length}`)
}
