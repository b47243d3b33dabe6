import type { StoredType } from './safetensors-header.js'

/** Numbers of a stored tensor (little-endian) as float32; every float16 and bfloat16 is exactly one. */
export function toFloat32({ bytes, type }: { bytes: Buffer; type: StoredType }): Float32Array {
  if (type === 'F32') return new Float32Array(copyOf(bytes))
  const halves = new Uint16Array(copyOf(bytes))
  const result = new Float32Array(halves.length)
  const bits = new Uint32Array(result.buffer)
  if (type === 'BF16') for (let at = 0; at < halves.length; at++) bits[at] = (halves[at] ?? 0) << 16
  else for (let at = 0; at < halves.length; at++) bits[at] = singleBits(halves[at] ?? 0)
  return result
}

/** A typed array wants its own alignment. */
function copyOf({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(byteLength)
  new Uint8Array(copy).set(new Uint8Array(buffer, byteOffset, byteLength))
  return copy
}

/** Bits of the float32 that a float16 is. */
function singleBits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13)
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // Too small for a float16's leading one: shift it until it has one.
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)
}
