import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'

export const STORED_TYPES = ['F32', 'F16', 'BF16'] as const
export type StoredType = (typeof STORED_TYPES)[number]

/** Where a tensor lies in a file. */
export interface StoredTensor {
  readonly type: StoredType
  readonly shape: readonly number[]
  /** Bytes from the start of the file; `end` is exclusive. */
  readonly start: number
  readonly end: number
}

const entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
})

/** Of a header; published checkpoints of 70 billion parameters stay far below. */
const MAX_HEADER_BYTES = 100e6
const LENGTH_BYTES = 8

/**
 * Tensors of an open safetensors file, by name.
 * @throws UsageError when it is cut off, no such file, or of a type that is not read here.
 */
export async function readSafetensorsHeader({
  file,
  path,
}: {
  file: FileHandle
  path: string
}): Promise<Map<string, StoredTensor>> {
  const { size } = await file.stat()
  const length = await headerLength({ file, path, size })
  const bytes = Buffer.alloc(length)
  await file.read(bytes, 0, length, LENGTH_BYTES)
  const data = LENGTH_BYTES + length
  const tensors = new Map<string, StoredTensor>()
  for (const [name, value] of Object.entries(parseHeader({ text: bytes.toString('utf8'), path }))) {
    if (name === '__metadata__') continue
    tensors.set(name, placeOf({ name, value, path, data, size }))
  }
  return tensors
}

async function headerLength({
  file,
  path,
  size,
}: {
  file: FileHandle
  path: string
  size: number
}): Promise<number> {
  const bytes = Buffer.alloc(LENGTH_BYTES)
  const { bytesRead } = await file.read(bytes, 0, LENGTH_BYTES, 0)
  const length = bytesRead === LENGTH_BYTES ? Number(bytes.readBigUInt64LE()) : -1
  if (length > 0 && length <= MAX_HEADER_BYTES && LENGTH_BYTES + length <= size) return length
  throw new UsageError(
    `${path}: expected a safetensors file, got ${size} bytes that do not begin with its header`,
  )
}

function parseHeader({ text, path }: { text: string; path: string }): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text))
  } catch (cause) {
    throw new UsageError(`${path}: expected a safetensors file, got a header that is not JSON`, { cause })
  }
}

function placeOf({
  name,
  value,
  path,
  data,
  size,
}: {
  name: string
  value: unknown
  path: string
  data: number
  size: number
}): StoredTensor {
  const parsed = entry.safeParse(value)
  if (!parsed.success) throw new UsageError(`${path}, tensor ${name}: ${z.prettifyError(parsed.error)}`)
  const { dtype, shape, data_offsets: offsets } = parsed.data
  const type = STORED_TYPES.find((known) => known === dtype)
  if (type === undefined)
    throw new UsageError(
      `${path}, tensor ${name}: expected ${STORED_TYPES.join(', ')}, got ${dtype}; quantised checkpoints are not read, convert it first`,
    )
  const start = data + offsets[0]
  const end = data + offsets[1]
  const wanted = shape.reduce((product, side) => product * side, 1) * bytesOf(type)
  if (end - start !== wanted || end > size)
    throw new UsageError(
      `${path}, tensor ${name}: expected ${wanted} bytes of ${type} [${shape.join(', ')}], got ${Math.min(end, size) - start}; the file is cut off or damaged`,
    )
  return { type, shape, start, end }
}

export function bytesOf(type: StoredType): number {
  return type === 'F32' ? 4 : 2
}
