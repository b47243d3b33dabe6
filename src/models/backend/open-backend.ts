import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import { env, getKernel, ready, registerKernel, setBackend, unregisterKernel } from '@tensorflow/tfjs-core'
import { UsageError } from '../../core/errors.js'
import { registerGradients } from '../gradients/register-gradients.js'
import { WASM_SEGMENT_SUM } from './wasm-segment-sum.js'
import { wasmProduct } from './wasm-product.js'

export const BACKENDS = ['wasm', 'cpu'] as const
export type BackendName = (typeof BACKENDS)[number]

/** Load a backend of TensorFlow.js and make it the one that computes. @throws UsageError when it cannot be loaded. */
export async function openBackend(name: BackendName): Promise<void> {
  // The cpu backend advertises another in Node at its first use; wasm finds its files by it.
  env().set('IS_NODE', name !== 'cpu')
  registerGradients()
  if (name === 'cpu') await import('@tensorflow/tfjs-backend-cpu')
  else await loadWasm()
  if (!(await setBackend(name)))
    throw new UsageError(
      `the backend ${name} of TensorFlow.js could not be started; another is ${BACKENDS.filter((other) => other !== name).join(', ')}`,
    )
  await ready()
}

async function loadWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(join(dirname(entry), '/'))
  if (getKernel('UnsortedSegmentSum', 'wasm') != null) return
  unregisterKernel('BatchMatMul', 'wasm')
  registerKernel(wasmProduct())
  registerKernel(WASM_SEGMENT_SUM)
}
