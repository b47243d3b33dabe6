import type { StoredType } from './safetensors-header.js'

/** Numbers as the bytes of a stored tensor (little-endian); to bfloat16 they are rounded to the nearest, halves to even. */
export function fromFloat32({
  values,
  type,
}: {
  values: Float32Array
  type: Exclude<StoredType, 'F16'>
}): Buffer {
  const { buffer, byteOffset, byteLength } = values
  if (type === 'F32') return Buffer.from(buffer, byteOffset, byteLength)
  const bits = new Uint32Array(buffer, byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let at = 0; at < bits.length; at++) halves[at] = upperHalf(bits[at] ?? 0)
  return Buffer.from(halves.buffer)
}

function upperHalf(bits: number): number {
  const isNaN = (bits & 0x7fffffff) > 0x7f800000
  if (isNaN) return (bits >>> 16) | 0x40
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}
