export const ZERO: v128 = f32x4.splat(0)

@inline
export function multiplyAdd(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b))
}

@inline
export function sumOf(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  )
}

@inline
export function largestOf(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  )
}

/**
 * eˣ to about one unit in the last place: x = n ln 2 + r with |r| ≤ ln 2 / 2, eʳ by its Taylor polynomial of degree 7 (the next term is below 2⁻²⁷), times 2ⁿ by the exponent's bits.
 * Clamped where float32 has no more normal numbers.
 */
@inline
export function exponential(x: v128): v128 {
  const clamped = f32x4.max(f32x4.min(x, f32x4.splat(88)), f32x4.splat(-87))
  const n = f32x4.nearest(f32x4.mul(clamped, f32x4.splat(1.4426950408889634)))
  // ln 2 in two parts, of which the first has so few bits that its product with n is exact.
  const near = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)))
  const r = f32x4.sub(near, f32x4.mul(n, f32x4.splat(-2.12194440054690581e-4)))
  let sum = f32x4.splat(1.0 / 5040)
  sum = multiplyAdd(f32x4.splat(1.0 / 720), sum, r)
  sum = multiplyAdd(f32x4.splat(1.0 / 120), sum, r)
  sum = multiplyAdd(f32x4.splat(1.0 / 24), sum, r)
  sum = multiplyAdd(f32x4.splat(1.0 / 6), sum, r)
  sum = multiplyAdd(f32x4.splat(0.5), sum, r)
  sum = f32x4.add(f32x4.splat(1), f32x4.add(r, f32x4.mul(sum, f32x4.mul(r, r))))
  const power = i32x4.shl(i32x4.trunc_sat_f32x4_s(n), 23)
  return i32x4.add(sum, power)
}
