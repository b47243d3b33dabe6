import {
  add,
  concat,
  customGrad,
  mul,
  neg,
  split,
  sub,
  tensor3d,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core'

/** Cosines and sines of rotary positions, [tokens, 1, headSize / 2]. */
export interface RotaryTables {
  readonly cos: Tensor3D
  readonly sin: Tensor3D
}

/** Of angles, [tokens × frequencies] row by row. Single precision throughout, as the reference has it. */
export function rotaryTables({
  angles,
  frequencies,
}: {
  angles: Float32Array
  frequencies: number
}): RotaryTables {
  const shape: [number, number, number] = [angles.length / frequencies, 1, frequencies]
  return {
    cos: tensor3d(angles.map(Math.cos), shape),
    sin: tensor3d(angles.map(Math.sin), shape),
  }
}

/** Frequencies θ^(−2i/size) of a rotary embedding over `size` numbers. */
export function inverseFrequencies({ theta, size }: { theta: number; size: number }): Float32Array {
  return Float32Array.from(
    { length: size / 2 },
    (_, at) => 1 / Math.fround(theta ** Math.fround((2 * at) / size)),
  )
}

/** Turn each pair (i, i + headSize / 2) of x [tokens, heads, headSize] by its angle. */
export function rotate({ x, tables: { cos, sin } }: { x: Tensor3D; tables: RotaryTables }): Tensor3D {
  const turned = customGrad((...given) => {
    const [vectors, save] = given as [Tensor3D, (saved: Tensor[]) => void]
    save([cos, sin])
    return { value: turn({ x: vectors, cos, sin }), gradFunc: turnBack }
  })
  return turned(x) as Tensor3D
}

function turnBack(dy: Tensor, saved: Tensor[]): Tensor {
  const [cos, sin] = saved as [Tensor3D, Tensor3D]
  return turn({ x: dy as Tensor3D, cos, sin: neg(sin) })
}

function turn({ x, cos, sin }: { x: Tensor3D } & RotaryTables): Tensor3D {
  const [first, second] = split(x, 2, 2) as [Tensor3D, Tensor3D]
  return concat([sub(mul(first, cos), mul(second, sin)), add(mul(second, cos), mul(first, sin))], 2)
}
