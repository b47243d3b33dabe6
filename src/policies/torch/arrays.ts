import { z } from 'zod'

/** Numbers of one kind, row by row. */
export type NumberArray = Int32Array | Uint8Array | Float32Array | Float64Array

/** An array that crosses to the engine or back. */
export interface ShapedArray {
  readonly values: NumberArray
  readonly shape: readonly number[]
}

/** Where each array lies in the bytes that cross. */
export const arrayLayout = z.array(
  z.object({
    name: z.string(),
    type: z.enum(['int32', 'uint8', 'float32', 'float64']),
    shape: z.array(z.number().int().min(0)),
    offset: z.number().int().min(0),
  }),
)

export type ArrayLayout = z.infer<typeof arrayLayout>

const KINDS = { int32: Int32Array, uint8: Uint8Array, float32: Float32Array, float64: Float64Array }

/** Arrays as one piece of bytes and its layout. */
export function packArrays(arrays: Readonly<Record<string, ShapedArray>>): {
  layout: ArrayLayout
  bytes: Buffer
} {
  const layout: ArrayLayout = []
  const parts: Buffer[] = []
  let offset = 0
  for (const [name, { values, shape }] of Object.entries(arrays)) {
    layout.push({ name, type: typeOf(values), shape: [...shape], offset })
    parts.push(Buffer.from(values.buffer, values.byteOffset, values.byteLength))
    offset += values.byteLength
  }
  return { layout, bytes: Buffer.concat(parts) }
}

/** How many bytes a layout speaks of. */
export function layoutBytes(layout: ArrayLayout): number {
  return layout.reduce((end, { type, shape, offset }) => Math.max(end, offset + bytesOf({ type, shape })), 0)
}

/** The arrays in a piece of bytes, each a copy of its own. */
export function unpackArrays({
  layout,
  bytes,
}: {
  layout: ArrayLayout
  bytes: Buffer
}): Record<string, NumberArray> {
  return Object.fromEntries(
    layout.map(({ name, type, shape, offset }) => {
      const own = Uint8Array.from(bytes.subarray(offset, offset + bytesOf({ type, shape })))
      return [name, new KINDS[type](own.buffer)]
    }),
  )
}

function bytesOf({ type, shape }: Pick<ArrayLayout[number], 'type' | 'shape'>): number {
  return shape.reduce((product, side) => product * side, 1) * KINDS[type].BYTES_PER_ELEMENT
}

function typeOf(values: NumberArray): ArrayLayout[number]['type'] {
  if (values instanceof Int32Array) return 'int32'
  if (values instanceof Uint8Array) return 'uint8'
  return values instanceof Float32Array ? 'float32' : 'float64'
}
