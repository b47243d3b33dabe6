import { exp, mul, ones, reshape, sub, sum, util, type GradConfig, type Tensor } from '@tensorflow/tfjs-core'

interface Axes {
  axis: number | number[]
}

/** Gradients of sums, means, and of softmax with what it divides by. */
export const REDUCTIONS: readonly GradConfig[] = [
  {
    kernelName: 'Sum',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => ({
      x: () => spread({ dy: dy as Tensor, shape: x?.shape ?? [], axis: (attrs as unknown as Axes).axis }),
    }),
  },
  {
    kernelName: 'Mean',
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attrs) => {
      const shape = x?.shape ?? []
      const { axis } = attrs as unknown as Axes
      const count = util.parseAxisParam(axis, shape).reduce((product, at) => product * (shape[at] ?? 1), 1)
      return { x: () => spread({ dy: mul(dy as Tensor, 1 / count), shape, axis }) }
    },
  },
  {
    kernelName: 'Softmax',
    outputsToSave: [true],
    gradFunc: (given, [y]) => {
      const dy = given as Tensor
      const shares = y as Tensor
      const weighed = mul(dy, shares)
      return { logits: () => sub(weighed, mul(sum(weighed, -1, true), shares)) }
    },
  },
  {
    kernelName: 'LogSoftmax',
    outputsToSave: [true],
    gradFunc: (given, [y]) => {
      const dy = given as Tensor
      return { logits: () => sub(dy, mul(sum(dy, -1, true), exp(y as Tensor))) }
    },
  },
]

/** A gradient of a reduction's result, for every number that went into it. */
function spread({ dy, shape, axis }: { dy: Tensor; shape: number[]; axis: number | number[] }): Tensor {
  const reduced = util.parseAxisParam(axis, shape)
  const kept = shape.map((side, at) => (reduced.includes(at) ? 1 : side))
  return mul(reshape(dy, kept), ones(shape))
}
