import { findTfjsNode } from '../models/backend/find-tfjs-node.js'
import type { Finding } from './finding.js'
import { wheelPart } from './tfjs-parts.js'

/** What the engine computes with here, how fast, and the command for something faster. Takes about a second. */
export async function examineBackend({ hasGpu }: { hasGpu: boolean }): Promise<Finding> {
  const name = 'engine'
  // TensorFlow.js is heavy, and only this line of the report needs it.
  const { openBackend } = await import('../models/backend/open-backend.js')
  const { measureBackend } = await import('../models/backend/measure-backend.js')
  const backend = await openBackend('auto')
  const { detail, gflops, isOnGpu } = await measureBackend(backend)
  const speed = `backend ${backend} (${detail}), ${gflops < 10 ? gflops.toFixed(1) : gflops.toFixed(0)} GFLOP/s`
  const faster = fasterBackend({ isNative: backend === 'node', isOnGpu, hasGpu })
  const versions = { backend }
  return {
    name,
    status: 'ok',
    detail: faster === null ? speed : `${speed}\nfaster: ${faster}`,
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
  if (isNative || !canBuild('cpu')) return null
  // It is there, yet something slower was opened: then building it anew says why.
  return findTfjsNode().length > 0
    ? 'codevision setup tfjs (there is a build that does not load)'
    : 'codevision setup tfjs'
}
