import { add, customGrad, erf, mul, sigmoid, square, sub, tanh, type Tensor } from '@tensorflow/tfjs-core'

type Save = (saved: Tensor[]) => void

/** SwiGLU: gate · σ(gate) · up. */
export function swiglu<Shaped extends Tensor>({ gate, up }: { gate: Shaped; up: Shaped }): Shaped {
  const gated = customGrad((...given) => {
    const [gates, ups, save] = given as [Tensor, Tensor, Save]
    const share = sigmoid(gates)
    const open = mul(gates, share)
    save([ups, share, open])
    return { value: mul(open, ups), gradFunc: gateSlopes }
  })
  return gated(gate, up) as Shaped
}

/** With o = gate · σ: dy · up · (σ + o · (1 − σ)), and dy · o. */
function gateSlopes(dy: Tensor, saved: Tensor[]): Tensor[] {
  const [up, share, open] = saved as [Tensor, Tensor, Tensor]
  return [mul(mul(dy, up), add(share, sub(open, mul(open, share)))), mul(dy, open)]
}

/** x · Φ(x), with the error function. */
export function gelu<Shaped extends Tensor>(x: Shaped): Shaped {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1))
}

const SLOPE = Math.sqrt(2 / Math.PI)
const BEND = 0.044715

/** The same by its approximation with tanh. */
export function geluTanh<Shaped extends Tensor>(x: Shaped): Shaped {
  const activated = customGrad((...given) => {
    const [input, save] = given as [Tensor, Save]
    const bent = tanh(mul(mul(input, SLOPE), add(mul(square(input), BEND), 1)))
    save([input, bent])
    return { value: mul(mul(input, 0.5), add(bent, 1)), gradFunc: geluTanhSlopes }
  })
  return activated(x) as Shaped
}

/** With t the tanh: dy / 2 · ((1 + t) + x · (1 − t²) · √(2/π) · (1 + 3 · 0.044715 · x²)). */
function geluTanhSlopes(dy: Tensor, saved: Tensor[]): Tensor[] {
  const [x, bent] = saved as [Tensor, Tensor]
  const steep = mul(mul(x, SLOPE), add(mul(square(x), 3 * BEND), 1))
  return [mul(mul(dy, 0.5), add(add(bent, 1), mul(steep, sub(1, square(bent)))))]
}
