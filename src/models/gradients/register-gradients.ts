import { registerGradient } from '@tensorflow/tfjs-core'
import { ARITHMETIC } from './arithmetic.js'
import { ARRANGEMENT } from './arrangement.js'
import { PRODUCT } from './product.js'
import { REDUCTIONS } from './reductions.js'

/**
 * Make the operations of this engine differentiable. TensorFlow.js has gradients of its own, but only the package of everything registers them (294 MB beside 40), some
 * are wrong or throw (leading axes that are broadcast), and these sum rows by products, which is faster. They take the place of others that are there.
 */
export function registerGradients(): void {
  for (const gradient of [...ARITHMETIC, ...REDUCTIONS, ...ARRANGEMENT, PRODUCT]) registerGradient(gradient)
}
