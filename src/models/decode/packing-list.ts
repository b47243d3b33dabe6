import type { DecoderMemory } from './decoder-memory.js'
import { packMatrix, packVector, type Places } from './pack-matrix.js'

const FLOAT = 4

/** A parameter and where it goes in a decoder's memory. */
export interface Packing {
  readonly name: string
  /** Address. */
  readonly at: number
  /** Floats. */
  readonly length: number
  pack(given: { source: Float32Array; to: Float32Array }): void
}

/** Room for parameters in a decoder's memory. Each method gives the parameter's address: new room, or `at`. */
export interface PackingList {
  readonly packings: readonly Packing[]
  vector(given: { name: string; places: Places; at?: number }): number
  /** [inputs, outputs], or where it `isTransposed` [outputs, inputs]. */
  matrix(given: { name: string; rows: Places; columns: Places; at?: number; isTransposed?: boolean }): number
  /** Rows that are looked up, [rows, columns], each padded. */
  table(given: { name: string; rows: number; columns: Places }): number
}

export function createPackingList(memory: DecoderMemory): PackingList {
  const packings: Packing[] = []
  const put = ({ at, ...packing }: Omit<Packing, 'at'> & { at: number | undefined }): number => {
    const place = at ?? memory.allocate(packing.length * FLOAT)
    packings.push({ ...packing, at: place })
    return place
  }
  return {
    packings,
    vector: ({ name, places, at }) =>
      put({
        name,
        at,
        length: places.length,
        pack: ({ source, to }) => packVector({ source, places, to }),
      }),
    matrix({ name, rows, columns, at, isTransposed = false }) {
      const strides = isTransposed
        ? { rowStride: 1, columnStride: own(rows) }
        : { rowStride: own(columns), columnStride: 1 }
      return put({
        name,
        at,
        length: rows.length * columns.length,
        pack: ({ source, to }) => packMatrix({ source, ...strides, rows, columns, to }),
      })
    },
    table({ name, rows, columns }) {
      const width = own(columns)
      return put({
        name,
        at: undefined,
        length: rows * columns.length,
        pack({ source, to }) {
          for (let row = 0; row < rows; row++)
            to.set(source.subarray(row * width, (row + 1) * width), row * columns.length)
        },
      })
    },
  }
}

/** Places that are no padding. */
function own(places: Places): number {
  return places.filter((place) => place >= 0).length
}
