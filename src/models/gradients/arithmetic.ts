import { exp, mul, neg, square, sub, type GradConfig, type Tensor } from '@tensorflow/tfjs-core'
import { reduceTo } from './reduce-to.js'

/** Gradients of what works number by number. */
export const ARITHMETIC: readonly GradConfig[] = [
  ofPair('Add', ({ dy }) => [dy, dy]),
  ofPair('Sub', ({ dy }) => [dy, neg(dy)]),
  ofPair('Multiply', ({ dy, a, b }) => [mul(dy, b), mul(dy, a)]),
  ofInput('Neg', ({ dy }) => neg(dy)),
  ofInput('Square', ({ dy, x }) => mul(dy, mul(x, 2))),
  ofInput('Erf', ({ dy, x }) => mul(dy, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  ofOutput('Rsqrt', ({ dy, y }) => mul(dy, mul(mul(y, square(y)), -0.5))),
  ofOutput('Sigmoid', ({ dy, y }) => mul(dy, mul(y, sub(1, y)))),
  ofOutput('Tanh', ({ dy, y }) => mul(dy, sub(1, square(y)))),
]

function ofPair(
  kernelName: string,
  parts: (given: { dy: Tensor; a: Tensor; b: Tensor }) => [Tensor, Tensor],
): GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (given, saved) => {
      const dy = given as Tensor
      const [a, b] = saved as [Tensor, Tensor]
      return {
        a: () => reduceTo({ dy: parts({ dy, a, b })[0], shape: a.shape }),
        b: () => reduceTo({ dy: parts({ dy, a, b })[1], shape: b.shape }),
      }
    },
  }
}

function ofInput(kernelName: string, part: (given: { dy: Tensor; x: Tensor }) => Tensor): GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    gradFunc: (dy, [x]) => ({ x: () => part({ dy: dy as Tensor, x: x as Tensor }) }),
  }
}

function ofOutput(kernelName: string, part: (given: { dy: Tensor; y: Tensor }) => Tensor): GradConfig {
  return {
    kernelName,
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => part({ dy: dy as Tensor, y: y as Tensor }) }),
  }
}
