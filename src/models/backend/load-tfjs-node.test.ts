import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { withEnvironment } from '../../config/testing/with-environment.js'
import {
  findTfjsNode,
  TFJS_NODE_MARKER,
  TFJS_VERSION,
  tfjsNodeBuilds,
  tfjsNodeLayout,
} from './find-tfjs-node.js'
import { openBackend } from './open-backend.js'

test('a build that does not load is told with the command that makes it anew, and auto opens the next backend', async () => {
  await withEnvironment(
    (folder) => ({ CODEVISION_CACHE: folder }),
    async () => {
      const folder = join(tfjsNodeBuilds(), 'damaged')
      const { directory, addon } = tfjsNodeLayout(folder)
      await mkdir(directory, { recursive: true })
      await mkdir(dirname(addon), { recursive: true })
      await writeFile(addon, 'no library')
      const marker = {
        schema: 1,
        tfjs: TFJS_VERSION,
        arch: process.arch,
        variant: 'cpu',
        tensorflow: '2.21.0',
      }
      await writeFile(join(folder, TFJS_NODE_MARKER), JSON.stringify(marker))
      // A package of npm may be there all the same.
      if (findTfjsNode().length > 1) return
      await expect(openBackend('node')).rejects.toThrow(/does not load \(.+\).+codevision setup tfjs/)
      expect(await openBackend('auto')).toBe('wasm')
    },
  )
})
