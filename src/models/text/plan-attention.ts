import { tensor1d, tensor2d, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'
import type { SequenceCache } from './sequence-cache.js'

/** Which rows attend to which. */
export type AttentionPlan =
  | { readonly kind: 'apart'; readonly sequences: readonly SequencePlan[] }
  | { readonly kind: 'together'; readonly groups: readonly GroupPlan[]; readonly back: Tensor1D | null }

/** A sequence whose earlier tokens may be among those of `cache`. */
export interface SequencePlan {
  readonly first: number
  readonly length: number
  /** Added to attention scores, [length, keys]; null where every row sees every key (a single new token). */
  readonly mask: Tensor2D | null
  readonly cache: SequenceCache | null
}

/** Whole sequences of about one length, attended to in one product: each is filled up to the longest. */
export interface GroupPlan {
  readonly count: number
  readonly length: number
  /** Row of each place, [count × length]; null: the rows as they lie. What fills up is a row of any token: the mask hides it from the others, and nobody asks for what it sees. */
  readonly rows: Tensor1D | null
  readonly mask: Tensor2D
}

/** Far below every score; minus infinity would give NaN in a row that sees nothing. */
const HIDDEN = -1e9
/** Sequences down to this share of a group's longest belong to it. */
const ALIKE = 0.75

interface Sequence {
  readonly length: number
  readonly past: number
  readonly cache: SequenceCache | null
}

/** Plan attention of sequences that lie one below the other; each row sees the earlier ones of its sequence. Call it within `tidy`. */
export function planAttention(sequences: readonly Sequence[]): AttentionPlan {
  const firsts: number[] = []
  let first = 0
  for (const { length } of sequences) {
    firsts.push(first)
    first += length
  }
  if (sequences.some(({ cache, past }) => cache !== null || past > 0))
    return {
      kind: 'apart',
      sequences: sequences.map(({ length, past, cache }, at) => ({
        first: firsts[at] ?? 0,
        length,
        mask: length === 1 ? null : causalMask({ length, past }),
        cache,
      })),
    }
  return planGroups(sequences.map(({ length }, at) => ({ length, first: firsts[at] ?? 0 })))
}

function planGroups(sequences: readonly { length: number; first: number }[]): AttentionPlan {
  const [some] = sequences
  if (some !== undefined && sequences.every(({ length }) => length === some.length)) {
    const { length } = some
    const mask = causalMask({ length, past: 0 })
    return { kind: 'together', groups: [{ count: sequences.length, length, rows: null, mask }], back: null }
  }
  const sorted = [...sequences].sort((a, b) => b.length - a.length)
  const groups: { length: number; members: { length: number; first: number }[] }[] = []
  for (const one of sorted) {
    const last = groups.at(-1)
    if (last !== undefined && one.length >= ALIKE * last.length) last.members.push(one)
    else groups.push({ length: one.length, members: [one] })
  }
  const total = sequences.reduce((sum, { length }) => sum + length, 0)
  const back = new Int32Array(total)
  let place = 0
  const plans = groups.map(({ length, members }) => {
    const rows = new Int32Array(members.length * length)
    for (const [member, own] of members.entries())
      for (let at = 0; at < length; at++) {
        rows[member * length + at] = own.first + Math.min(at, own.length - 1)
        if (at < own.length) back[own.first + at] = place + member * length + at
      }
    place += rows.length
    const mask = causalMask({ length, past: 0 })
    return { count: members.length, length, rows: tensor1d(rows, 'int32'), mask }
  })
  return { kind: 'together', groups: plans, back: tensor1d(back, 'int32') }
}

function causalMask({ length, past }: { length: number; past: number }): Tensor2D {
  const keys = past + length
  const values = new Float32Array(length * keys)
  for (let row = 0; row < length; row++) values.fill(HIDDEN, row * keys + past + row + 1, (row + 1) * keys)
  return tensor2d(values, [length, keys])
}
