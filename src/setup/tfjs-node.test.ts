import { readdir } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { cacheDirectory } from '../config/cache-directory.js'
import { withEnvironment } from '../config/testing/with-environment.js'
import { whyTfjsNodeFails } from './tfjs-check.js'
import { ensureTfjsNode } from './tfjs-node.js'
import { wheelPart } from './tfjs-parts.js'

const isBuildable =
  process.platform === 'linux' && wheelPart({ variant: 'cpu', architecture: process.arch }) !== null

test('without a compiler nothing is fetched, and the error says how to get one', async () => {
  if (!isBuildable) return
  await withEnvironment(
    (folder) => ({ PATH: folder, CODEVISION_CACHE: folder }),
    async () => {
      await expect(ensureTfjsNode({ variant: 'cpu' })).rejects.toThrow(/g\+\+ or clang\+\+/)
      expect(await readdir(cacheDirectory())).toEqual([])
    },
  )
})

test('there is no wheel with CUDA for arm64, nor any for other processors', () => {
  expect(wheelPart({ variant: 'cuda', architecture: 'arm64' })).toBeNull()
  expect(wheelPart({ variant: 'cpu', architecture: 'riscv64' })).toBeNull()
})

test('a build whose addon is gone does not count as one that loads', async () => {
  const problem = await whyTfjsNodeFails({
    tfjsNode: { directory: '/nowhere', addon: '/nowhere/tfjs_binding.node' },
  })
  expect(problem).toContain('/nowhere/tfjs_binding.node')
})
