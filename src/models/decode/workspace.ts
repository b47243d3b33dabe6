import type { TextConfig } from '../config/model-config.js'
import type { DecoderMemory } from './decoder-memory.js'
import { MOST_ROWS, PAGE_TOKENS, type DecoderSizes } from './decoder-sizes.js'

const FLOAT = 4
const POINTER = 4
/** Fields of a row in assembly/layout.ts. */
const ROW_FIELDS = 6
/** Entries of the table of pages in the beginning; it grows. */
const FIRST_PAGES = 1024

/** A token that is to be computed. */
export interface DecoderRow {
  readonly token: number
  readonly position: number
  /** Tokens of its conversation before it. */
  readonly past: number
  /** Addresses of its conversation's pages. */
  readonly pages: readonly number[]
  /** Whether the scores of the token after it are wanted. */
  readonly isScored: boolean
}

/** What a step reads and writes besides weights and pages. */
export interface Workspace {
  /** Address of its description, as `step` takes it. */
  readonly at: number
  /** Put the rows of a step there, {@link MOST_ROWS} at most. */
  put(given: { rows: readonly DecoderRow[]; rotaryRow: (position: number) => Float32Array }): void
  /** After the step: the scores of the rows whose scores were wanted. */
  scores(): Float32Array[]
}

export function createWorkspace({
  memory,
  sizes,
  config: { heads, keyValueHeads, vocabularySize },
}: {
  memory: DecoderMemory
  sizes: DecoderSizes
  config: TextConfig
}): Workspace {
  const matrix = (columns: number): number => memory.allocate(MOST_ROWS * columns * FLOAT)
  const rowTable = memory.allocate(MOST_ROWS * ROW_FIELDS * POINTER)
  const rotary = memory.allocate(MOST_ROWS * sizes.headSize * FLOAT)
  const scratchBytes = (heads / keyValueHeads) * (PAGE_TOKENS + sizes.headSize + 2) * FLOAT
  const scores = matrix(sizes.vocabulary)
  const fields = [
    rowTable,
    matrix(sizes.hidden),
    matrix(sizes.hidden),
    matrix(sizes.queries + 2 * sizes.shared),
    matrix(sizes.queries),
    matrix(sizes.intermediate),
    matrix(sizes.intermediate),
    scores,
    memory.allocate(scratchBytes),
    scratchBytes,
  ]
  const at = memory.allocate((2 + fields.length) * POINTER)
  memory.integers.set(fields, at / POINTER + 2)
  let pageTable = { at: memory.allocate(FIRST_PAGES * POINTER), entries: FIRST_PAGES }
  let scored = 0

  function tableFor(entries: number): number {
    if (entries > pageTable.entries) {
      const most = 2 ** Math.ceil(Math.log2(entries))
      pageTable = { at: memory.allocate(most * POINTER), entries: most }
    }
    return pageTable.at
  }

  return {
    at,
    put({ rows, rotaryRow }) {
      const lists = new Set(rows.map(({ pages }) => pages))
      let next = tableFor([...lists].reduce((sum, { length }) => sum + length, 0))
      const { integers, floats } = memory
      const tables = new Map<readonly number[], number>()
      for (const list of lists) {
        integers.set(list, next / POINTER)
        tables.set(list, next)
        next += list.length * POINTER
      }
      scored = 0
      for (const [row, { token, position, past, pages, isScored }] of rows.entries()) {
        const cos = rotary + row * sizes.headSize * FLOAT
        floats.set(rotaryRow(position), cos / FLOAT)
        const sin = cos + (sizes.headSize / 2) * FLOAT
        const place = isScored ? scored++ : -1
        integers.set(
          [token, past, tables.get(pages) ?? 0, place, cos, sin],
          rowTable / POINTER + row * ROW_FIELDS,
        )
      }
      integers.set([rows.length, scored], at / POINTER)
    },
    scores() {
      const first = scores / FLOAT
      const all = memory.floats.slice(first, first + scored * sizes.vocabulary)
      return Array.from({ length: scored }, (_, row) =>
        all.subarray(row * sizes.vocabulary, row * sizes.vocabulary + vocabularySize),
      )
    },
  }
}
