import { matMul, util, type GradConfig, type Tensor } from '@tensorflow/tfjs-core'

/** Gradient of matrix products whose operands have the same leading axes. */
export const PRODUCT: GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (given, saved, attrs) => {
    const dy = given as Tensor
    const [a, b] = saved as [Tensor, Tensor]
    const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean }
    if (!util.arraysEqual(a.shape.slice(0, -2), b.shape.slice(0, -2)))
      throw new RangeError(
        `expected matrices with the same leading axes, got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`,
      )
    return {
      a: () => (transposeA ? matMul(b, dy, transposeB, true) : matMul(dy, b, false, !transposeB)),
      b: () => (transposeB ? matMul(dy, a, true, transposeA) : matMul(a, dy, !transposeA, false)),
    }
  },
}
