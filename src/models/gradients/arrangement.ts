import {
  concat,
  pad,
  reshape,
  slice,
  transpose,
  unsortedSegmentSum,
  type GradConfig,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core'

/** Gradients of what only moves numbers about. */
export const ARRANGEMENT: readonly GradConfig[] = [
  { kernelName: 'Identity', gradFunc: (dy) => ({ x: () => (dy as Tensor).clone() }) },
  {
    kernelName: 'SplitV',
    gradFunc: (dy, _, attrs) => ({
      x: () => concat(dy as Tensor[], (attrs as unknown as { axis: number }).axis),
    }),
  },
  { kernelName: 'Cast', gradFunc: (dy) => ({ x: () => (dy as Tensor).clone() }) },
  {
    kernelName: 'Reshape',
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => reshape(dy as Tensor, x?.shape ?? []) }),
  },
  {
    kernelName: 'Transpose',
    gradFunc: (dy, _, attrs) => {
      const { perm } = attrs as unknown as { perm: number[] }
      const back = perm.map((_axis, at) => perm.indexOf(at))
      return { x: () => transpose(dy as Tensor, back) }
    },
  },
  {
    kernelName: 'Slice',
    inputsToSave: ['x'],
    gradFunc: (given, [x], attrs) => {
      const dy = given as Tensor
      const { begin } = attrs as unknown as { begin: number[] }
      const around = (x?.shape ?? []).map((side, at): [number, number] => {
        const before = begin[at] ?? 0
        return [before, side - before - (dy.shape[at] ?? 0)]
      })
      return { x: () => pad(dy, around) }
    },
  },
  {
    kernelName: 'Concat',
    saveAllInputs: true,
    gradFunc: (given, parts, attrs) => {
      const dy = given as Tensor
      const { axis } = attrs as unknown as { axis: number }
      let start = 0
      const slices = parts.map(({ shape }) => {
        const begin = shape.map((_side, at) => (at === axis ? start : 0))
        start += shape[axis] ?? 0
        return () => slice(dy, begin, shape)
      })
      return Object.fromEntries(slices.entries())
    },
  },
  {
    kernelName: 'GatherV2',
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, [x, indices], attrs) => {
      const { axis } = attrs as unknown as { axis: number }
      if (axis !== 0 || indices?.rank !== 1)
        throw new RangeError('expected rows to be gathered by a list of indices')
      return { x: () => unsortedSegmentSum(dy as Tensor, indices as Tensor1D, x?.shape[0] ?? 0) }
    },
  },
]
