import { add, erf, mul, sigmoid, tanh, type Tensor } from '@tensorflow/tfjs-core'

/** x · σ(x). */
export function silu<Shaped extends Tensor>(x: Shaped): Shaped {
  return mul(x, sigmoid(x))
}

/** x · Φ(x), with the error function. */
export function gelu<Shaped extends Tensor>(x: Shaped): Shaped {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1))
}

/** The same by its approximation with tanh. */
export function geluTanh<Shaped extends Tensor>(x: Shaped): Shaped {
  const inner = mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI))
  return mul(mul(x, 0.5), add(tanh(inner), 1))
}
