import { findTfjsNode } from '../models/backend/find-tfjs-node.js'
import type { Finding } from './finding.js'
import { whyTfjsNodeFails } from './tfjs-check.js'
import { wheelPart } from './tfjs-parts.js'

/** What the engine computes with here, how fast, and the command for something faster. Takes about a second. */
export async function examineBackend({
  hasGpu,
  signal,
}: {
  hasGpu: boolean
  signal?: AbortSignal | undefined
}): Promise<Finding> {
  const name = 'engine'
  // TensorFlow.js is heavy, and only this line of the report needs it.
  const { openBackend } = await import('../models/backend/open-backend.js')
  const { measureBackend } = await import('../models/backend/measure-backend.js')
  // In a process of its own first: a library that was built for another processor ends the process that loads it.
  const [native] = findTfjsNode()
  const problem = native === undefined ? null : await whyTfjsNodeFails({ tfjsNode: native, signal })
  const backend = await openBackend(problem === null ? 'auto' : 'wasm')
  const { detail, gflops, isOnGpu } = await measureBackend(backend)
  const speed = `backend ${backend} (${detail}), ${gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0)} GFLOP/s`
  const faster = fasterBackend({ isNative: backend === 'node', isOnGpu, hasGpu })
  const command =
    problem === null
      ? faster
      : `${faster ?? 'codevision setup tfjs'} (what is there does not load: ${problem})`
  const versions = { backend }
  return {
    name,
    status: 'ok',
    detail: command === null ? speed : `${speed}\nfaster: ${command}`,
    versions,
  }
}

function fasterBackend({
  isNative,
  isOnGpu,
  hasGpu,
}: {
  isNative: boolean
  isOnGpu: boolean
  hasGpu: boolean
}): string | null {
  const canBuild = (variant: 'cpu' | 'cuda'): boolean =>
    process.platform === 'linux' && wheelPart({ variant, architecture: process.arch }) !== null
  if (hasGpu && !isOnGpu && canBuild('cuda')) return 'codevision setup tfjs --cuda'
  return isNative || !canBuild('cpu') ? null : 'codevision setup tfjs'
}
