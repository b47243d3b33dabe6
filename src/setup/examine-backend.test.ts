import { expect, test } from '@jest/globals'
import { withEnvironment } from '../config/testing/with-environment.js'
import { findTfjsNode } from '../models/backend/find-tfjs-node.js'
import { examineBackend } from './examine-backend.js'

test('without a native backend the engine computes in WebAssembly, and the command for more is told', async () => {
  await withEnvironment(
    (folder) => ({ CODEVISION_CACHE: folder }),
    async () => {
      const { status, detail } = await examineBackend({ hasGpu: false })
      expect(status).toBe('ok')
      expect(detail).toMatch(/^backend (?:wasm|node) \(.+\), [\d.]+ GFLOP\/s/)
      // A package of npm may be there all the same.
      if (findTfjsNode().length === 0 && process.platform === 'linux')
        expect(detail).toMatch(/backend wasm[^]*faster: codevision setup tfjs$/)
    },
  )
})
