import { broadcast_util, matMul, ones, reshape, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core'

/** Sum what an operand of `shape` was spread over when it was broadcast: the gradient in its own shape. */
export function reduceTo({ dy, shape }: { dy: Tensor; shape: number[] }): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, dy.shape)
  if (axes.length === 0) return reshape(dy, shape)
  const isRowSum = axes.length === 1 && axes[0] === 0 && dy.rank === 2
  // The sum over rows as a product: a sum over the first axis would be transposed first.
  const summed = isRowSum ? matMul(ones([1, dy.shape[0] ?? 0]), dy as Tensor2D) : sum(dy, axes)
  return reshape(summed, shape)
}
