import { UsageError } from '../../core/errors.js'
import { fractionOf } from './digest-order.js'

/** A part of the images, and of the rows. */
export interface Split {
  name: string
  /** 0 to 1; shares of all splits sum to 1. */
  share: number
}

/**
 * Read `--split`: one name, or several with shares such as `train=0.8 test=0.2`.
 * @throws UsageError when a share is missing or none, a name comes twice, or the shares do not sum to 1.
 */
export function parseSplits(texts: readonly string[]): Split[] {
  const splits = texts.map((text) => {
    const match = /^(?<name>\w[\w.-]*)(?:=(?<share>\d*\.?\d+))?$/.exec(text)
    const share = Number(match?.groups?.['share'] ?? (texts.length === 1 ? 1 : Number.NaN))
    const name = match?.groups?.['name']
    if (name === undefined || !(share > 0 && share <= 1)) {
      throw new UsageError(
        `--split: expected one name such as test, or several with shares such as train=0.8 test=0.2, got "${text}"`,
      )
    }
    return { name, share }
  })
  const sum = splits.reduce((total, { share }) => total + share, 0)
  if (splits.length === 0 || Math.abs(sum - 1) > 1e-9)
    throw new UsageError(`--split: expected shares that sum to 1, got ${sum}`)
  if (new Set(splits.map(({ name }) => name)).size < splits.length)
    throw new UsageError(`--split: expected each name once, got ${splits.map(({ name }) => name).join(', ')}`)
  return splits
}

/** The split of an image: its name and the seed alone decide, so no image is in two of them, whatever else is annotated. */
export function splitOf({
  imageId,
  splits,
  seed,
}: {
  imageId: string
  splits: readonly Split[]
  seed: string
}): string {
  const place = fractionOf(seed, 'split', imageId)
  let end = 0
  for (const { name, share } of splits) {
    end += share
    if (place < end) return name
  }
  return splits.at(-1)?.name ?? ''
}

/** Rows by split, in proportion to the shares; the largest remainders get what rounding leaves. */
export function rowsBySplit({
  rows,
  splits,
}: {
  rows: number
  splits: readonly Split[]
}): Map<string, number> {
  const exact = splits.map(({ name, share }) => ({
    name,
    whole: Math.floor(rows * share),
    rest: (rows * share) % 1,
  }))
  const missing = rows - exact.reduce((sum, { whole }) => sum + whole, 0)
  const raised = new Set([...exact].sort((a, b) => b.rest - a.rest).slice(0, missing))
  return new Map(exact.map((one) => [one.name, one.whole + (raised.has(one) ? 1 : 0)]))
}
