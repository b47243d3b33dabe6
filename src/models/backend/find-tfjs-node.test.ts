import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { withEnvironment } from '../../config/testing/with-environment.js'
import { findTfjsNode, TFJS_NODE_MARKER, TFJS_VERSION, tfjsNodeBuilds } from './find-tfjs-node.js'

const FINISHED = { schema: 1, tfjs: TFJS_VERSION, arch: process.arch, variant: 'cpu', tensorflow: '2.21.0' }

/** The origins of what is found among these builds; a text stands for a damaged marker, null for none. */
async function origins(builds: Readonly<Record<string, object | string | null>>): Promise<string[]> {
  const found: string[] = []
  await withEnvironment(
    (folder) => ({ CODEVISION_CACHE: folder }),
    async () => {
      for (const [name, marker] of Object.entries(builds)) {
        const folder = join(tfjsNodeBuilds(), name)
        await mkdir(folder, { recursive: true })
        const text = typeof marker === 'string' ? marker : JSON.stringify(marker)
        if (marker !== null) await writeFile(join(folder, TFJS_NODE_MARKER), text)
      }
      for (const { origin } of findTfjsNode()) if (origin.startsWith('TensorFlow')) found.push(origin)
    },
  )
  return found
}

test('a build with CUDA comes before one without', async () => {
  expect(await origins({ a: FINISHED, b: { ...FINISHED, variant: 'cuda' } })).toEqual([
    'TensorFlow 2.21.0 with CUDA',
    'TensorFlow 2.21.0',
  ])
})

test('nothing is taken for a build that is unfinished, damaged, or of another version or machine', async () => {
  expect(
    await origins({
      '.unfinished-1': FINISHED,
      interrupted: null,
      damaged: '{"schema": 1',
      older: { ...FINISHED, tfjs: '4.21.0' },
      foreign: { ...FINISHED, arch: 'other' },
    }),
  ).toEqual([])
})

test('without a cache there is nothing, and no error', async () => {
  expect(await origins({})).toEqual([])
})
