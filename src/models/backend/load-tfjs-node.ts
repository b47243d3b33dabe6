import { createRequire } from 'node:module'
import { join } from 'node:path'
import { registerBackend, type KernelBackend } from '@tensorflow/tfjs-core'
import { prepareTensorflow } from '../../config/tensorflow-environment.js'
import { registerGradients } from '../gradients/register-gradients.js'
import { TFJS_CORE_KEY, type TfjsNode } from './find-tfjs-node.js'

/** Under this name the native backend registers its kernels. */
export const TFJS_NODE_NAME = 'tensorflow'

interface Addon {
  isUsingGpuDevice(): boolean
}

interface NodeBackendModule {
  readonly NodeJSKernelBackend: new (addon: Addon, packageName: string) => KernelBackend
}

export interface LoadedTfjsNode extends TfjsNode {
  readonly isOnGpu: boolean
}

let loaded: LoadedTfjsNode | null = null

/**
 * Load the native backend and register it under {@link TFJS_NODE_NAME}. Nothing is done where one is registered already: a process holds one TensorFlow library.
 * The package's own entry is passed by, since it loads all of TensorFlow.js, layers, browsers' backends and console messages included.
 * @throws whatever loading the addon throws, such as that a library is missing.
 */
export function loadTfjsNode(tfjsNode: TfjsNode): void {
  if (loaded !== null) return
  const { variant, directory, addon } = tfjsNode
  prepareTensorflow()
  const core: unknown = createRequire(import.meta.url)('@tensorflow/tfjs-core')
  Object.assign(globalThis, { [Symbol.for(TFJS_CORE_KEY)]: core })
  const require = createRequire(join(directory, 'package.json'))
  restoreUtil(require)
  const library = require(addon) as Addon
  require('./dist/register_all_kernels.js')
  const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as NodeBackendModule
  // The package of npm brings gradients of its own, by loading all of TensorFlow.js.
  registerGradients()
  const name = variant === 'cuda' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  registerBackend(TFJS_NODE_NAME, () => new NodeJSKernelBackend(library, name), 3)
  loaded = { ...tfjsNode, isOnGpu: library.isUsingGpuDevice() }
}

/** What {@link loadTfjsNode} loaded, and whether a GPU computes; null: nothing yet. */
export function loadedTfjsNode(): LoadedTfjsNode | null {
  return loaded
}

/** Two functions that the package uses and Node 23 left out. */
function restoreUtil(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
  util['isArray'] ??= Array.isArray
}
