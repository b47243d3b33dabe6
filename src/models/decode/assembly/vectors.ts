import { exponential, multiplyAdd, sumOf, ZERO } from './arithmetic'

/** out = x / √(mean of squares + ε) · weight, over `size` numbers of which `own` are no padding; `out` may be `x`. */
export function rmsNorm(x: usize, weight: usize, size: i32, own: i32, epsilon: f32, out: usize): void {
  let squares = ZERO
  const end = (<usize>size) << 2
  for (let at: usize = 0; at < end; at += 16) {
    const value = v128.load(x + at)
    squares = multiplyAdd(squares, value, value)
  }
  const scale = f32x4.splat(<f32>1 / sqrt<f32>(sumOf(squares) / <f32>own + epsilon))
  for (let at: usize = 0; at < end; at += 16)
    v128.store(out + at, f32x4.mul(f32x4.mul(v128.load(x + at), scale), v128.load(weight + at)))
}

/** Turn each pair (i, i + size / 2) of a head by its angle, and scale it. */
export function rotate(x: usize, cos: usize, sin: usize, size: i32, scale: f32): void {
  const half = (<usize>size) << 1
  const by = f32x4.splat(scale)
  for (let at: usize = 0; at < half; at += 16) {
    const first = f32x4.mul(v128.load(x + at), by)
    const second = f32x4.mul(v128.load(x + half + at), by)
    const c = v128.load(cos + at)
    const s = v128.load(sin + at)
    v128.store(x + at, f32x4.sub(f32x4.mul(first, c), f32x4.mul(second, s)))
    v128.store(x + half + at, f32x4.add(f32x4.mul(second, c), f32x4.mul(first, s)))
  }
}

/** gate = gate · σ(gate) · up, over `bytes`. */
export function swiglu(gate: usize, up: usize, bytes: usize): void {
  const one = f32x4.splat(1)
  for (const end = gate + bytes; gate < end; gate += 16) {
    const x = v128.load(gate)
    const sigmoid = f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))))
    v128.store(gate, f32x4.mul(f32x4.mul(x, sigmoid), v128.load(up)))
    up += 16
  }
}

/** x = x · scale, over `size` numbers, into `out`. */
export function scaled(x: usize, scale: f32, size: i32, out: usize): void {
  const by = f32x4.splat(scale)
  const end = (<usize>size) << 2
  for (let at: usize = 0; at < end; at += 16) v128.store(out + at, f32x4.mul(v128.load(x + at), by))
}
