import { open, rename, rm } from 'node:fs/promises'
import { fromFloat32 } from './from-float32.js'
import { bytesOf, type StoredType } from './safetensors-header.js'

/** A tensor to be written; its numbers are asked for when their turn comes. */
export interface NewTensor {
  readonly name: string
  readonly shape: readonly number[]
  read(): Promise<Float32Array>
}

/**
 * Write a safetensors file, whole or not at all; one tensor is held at a time.
 * @throws RangeError when a tensor gives another number of values than its shape says.
 */
export async function writeSafetensors({
  path,
  tensors,
  type = 'F32',
}: {
  path: string
  tensors: readonly NewTensor[]
  type?: Exclude<StoredType, 'F16'>
}): Promise<void> {
  const partial = `${path}.partial`
  const file = await open(partial, 'w')
  try {
    await file.writeFile(headerOf({ tensors, type }))
    for (const { name, shape, read } of tensors) {
      const values = await read()
      if (values.length !== countOf(shape))
        throw new RangeError(`tensor ${name}: expected ${countOf(shape)} numbers, got ${values.length}`)
      await file.writeFile(fromFloat32({ values, type }))
    }
    await file.sync()
    await file.close()
    await rename(partial, path)
  } finally {
    await file.close().catch(() => undefined)
    await rm(partial, { force: true })
  }
}

function headerOf({ tensors, type }: { tensors: readonly NewTensor[]; type: StoredType }): Buffer {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } }
  let end = 0
  for (const { name, shape } of tensors) {
    const start = end
    end += countOf(shape) * bytesOf(type)
    entries[name] = { dtype: type, shape, data_offsets: [start, end] }
  }
  const text = JSON.stringify(entries)
  // Padded with spaces, so that the numbers are aligned.
  const json = Buffer.from(text + ' '.repeat((8 - (Buffer.byteLength(text) % 8)) % 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json])
}

function countOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1)
}
