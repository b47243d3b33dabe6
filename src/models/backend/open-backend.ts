import { dirname, join } from 'node:path'
import { createRequire } from 'node:module'
import {
  backend,
  env,
  getKernel,
  ready,
  registerKernel,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { UsageError } from '../../core/errors.js'
import { registerGradients } from '../gradients/register-gradients.js'
import { findTfjsNode } from './find-tfjs-node.js'
import { loadTfjsNode, TFJS_NODE_NAME } from './load-tfjs-node.js'
import { guardMemory } from './wasm-memory.js'
import type { WasmBackend } from './wasm-parts.js'
import { WASM_SEGMENT_SUM } from './wasm-segment-sum.js'
import { wasmRows } from './wasm-rows.js'
import { wasmProduct } from './wasm-product.js'

/** Fastest first: the TensorFlow library (`codevision setup tfjs`), WebAssembly, plain JavaScript. */
export const BACKENDS = ['node', 'wasm', 'cpu'] as const
export type BackendName = (typeof BACKENDS)[number]

/**
 * Load a backend of TensorFlow.js and make it the one that computes; `auto`: the fastest that loads.
 * @returns its name.
 * @throws UsageError when it cannot be loaded.
 */
export async function openBackend(name: BackendName | 'auto'): Promise<BackendName> {
  if (name === 'auto') return openFastest()
  // The cpu backend advertises another in Node at its first use; wasm finds its files by it.
  env().set('IS_NODE', name !== 'cpu')
  registerGradients()
  switch (name) {
    case 'node':
      loadNode()
      break
    case 'wasm':
      await loadWasm()
      break
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu')
  }
  if (!(await setBackend(name === 'node' ? TFJS_NODE_NAME : name)))
    throw new UsageError(
      `the backend ${name} of TensorFlow.js could not be started; another is ${BACKENDS.filter((other) => other !== name).join(', ')}`,
    )
  await ready()
  if (name === 'wasm') guardMemory(backend() as unknown as WasmBackend)
  return name
}

/** The backends that work here, fastest first. Each is opened on the way; the last of them stays open. */
export async function liveBackends(): Promise<BackendName[]> {
  const live: BackendName[] = []
  for (const name of BACKENDS) {
    try {
      live.push(await openBackend(name))
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
    }
  }
  return live
}

async function openFastest(): Promise<BackendName> {
  const problems: string[] = []
  for (const name of BACKENDS) {
    try {
      return await openBackend(name)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      problems.push(error.message)
    }
  }
  throw new UsageError(`no backend of TensorFlow.js could be started: ${problems.join('; ')}`)
}

function loadNode(): void {
  const found = findTfjsNode()
  const problems: string[] = []
  for (const tfjsNode of found) {
    try {
      loadTfjsNode(tfjsNode)
      return
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error))
    }
  }
  throw new UsageError(
    found.length === 0
      ? 'the backend node is not installed; build it with: codevision setup tfjs'
      : `the backend node does not load (${problems.join('; ')}); build it anew with: codevision setup tfjs`,
  )
}

async function loadWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(join(dirname(entry), '/'))
  if (getKernel('UnsortedSegmentSum', 'wasm') != null) return
  registerKernel(WASM_SEGMENT_SUM)
  for (const kernel of [wasmProduct(), ...wasmRows()]) {
    unregisterKernel(kernel.kernelName, 'wasm')
    registerKernel(kernel)
  }
}
