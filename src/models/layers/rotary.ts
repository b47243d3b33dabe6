import {
  add,
  customGrad,
  matMul,
  mul,
  neg,
  reshape,
  tensor2d,
  tensor3d,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core'

/** What turns vectors by rotary positions. */
export interface RotaryTables {
  /** Of each number's angle, [tokens, 1, headSize]. */
  readonly cos: Tensor3D
  readonly sin: Tensor3D
  /** [headSize, headSize]: puts the second half of a vector, with other signs, before the first. Moving numbers by a product is exact, and faster than taking vectors apart. */
  readonly exchange: Tensor2D
}

/** Of angles, [tokens × frequencies] row by row. Single precision throughout, as the reference has it. */
export function rotaryTables({
  angles,
  frequencies,
}: {
  angles: Float32Array
  frequencies: number
}): RotaryTables {
  const tokens = angles.length / frequencies
  const size = 2 * frequencies
  const table = (of: (angle: number) => number): Tensor3D => {
    const values = new Float32Array(tokens * size)
    for (let at = 0; at < angles.length; at++) {
      const place = Math.floor(at / frequencies) * size + (at % frequencies)
      values[place] = values[place + frequencies] = of(angles[at] ?? 0)
    }
    return tensor3d(values, [tokens, 1, size])
  }
  const exchange = new Float32Array(size * size)
  for (let at = 0; at < frequencies; at++) {
    exchange[(at + frequencies) * size + at] = -1
    exchange[at * size + at + frequencies] = 1
  }
  return { cos: table(Math.cos), sin: table(Math.sin), exchange: tensor2d(exchange, [size, size]) }
}

/** Frequencies θ^(−2i/size) of a rotary embedding over `size` numbers. */
export function inverseFrequencies({ theta, size }: { theta: number; size: number }): Float32Array {
  return Float32Array.from(
    { length: size / 2 },
    (_, at) => 1 / Math.fround(theta ** Math.fround((2 * at) / size)),
  )
}

/** Turn each pair (i, i + headSize / 2) of x [tokens, heads, headSize] by its angle. */
export function rotate({
  x,
  tables: { cos, sin, exchange },
}: {
  x: Tensor3D
  tables: RotaryTables
}): Tensor3D {
  const turned = customGrad((...given) => {
    const [vectors, save] = given as [Tensor3D, (saved: Tensor[]) => void]
    save([cos, sin, exchange])
    return { value: turn({ x: vectors, cos, sin, exchange }), gradFunc: turnBack }
  })
  return turned(x) as Tensor3D
}

function turnBack(dy: Tensor, saved: Tensor[]): Tensor {
  const [cos, sin, exchange] = saved as [Tensor3D, Tensor3D, Tensor2D]
  return turn({ x: dy as Tensor3D, cos, sin: neg(sin), exchange })
}

function turn({ x, cos, sin, exchange }: { x: Tensor3D } & RotaryTables): Tensor3D {
  const [tokens, heads, size] = x.shape
  const exchanged = matMul(reshape(x, [tokens * heads, size]), exchange)
  return add(mul(x, cos), mul(reshape(exchanged, x.shape), sin))
}
