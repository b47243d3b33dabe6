import { mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, jest, test } from '@jest/globals'
import { openBackend } from '../../models/backend/open-backend.js'
import { writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import { openTorchPolicy, type OpenTorchPolicyParameters } from '../../policies/torch/open-torch-policy.js'
import type { TorchPolicy } from '../../policies/torch/torch-policy.js'
import { findTorchEnvironment } from '../../setup/torch-environment.js'
import { torchPython } from '../../wiring.js'

/** The engine as it is, over checkpoints of random weights; skipped unless CODEVISION_TEST_TORCH is 1 and `codevision setup python --torch` was run: its tests take minutes. */
const isAsked = process.env['CODEVISION_TEST_TORCH'] === '1' && (await findTorchEnvironment()) !== null
export const withTorch: typeof test.skip = isAsked ? test : test.skip
export const FAMILIES = ['qwen3_vl', 'qwen2_5_vl'] as const

export interface TorchSetup {
  /** Of a checkpoint of this name; those of the families are there. */
  directoryOf(name: string): string
  /** Closed after the test. */
  open(parameters?: Partial<OpenTorchPolicyParameters>): Promise<TorchPolicy>
}

/** A folder with a tiny checkpoint of each family, for the tests of a file. */
export function setUpTorch(): TorchSetup {
  // PyTorch alone takes seconds to load, for each policy that is opened.
  jest.setTimeout(300_000)
  let folder: string
  const opened: TorchPolicy[] = []
  const directoryOf = (name: string): string => join(folder, name)
  beforeAll(async () => {
    if (!isAsked)
      process.stderr.write('Tests of the torch engine are skipped: npm run verify:full torch runs them.\n')
    folder = await mkdtemp(join(tmpdir(), 'torch-engine-'))
    await openBackend('wasm')
    for (const family of FAMILIES) await writeTinyCheckpoint({ directory: directoryOf(family), family })
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((policy) => policy.close()))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return {
    directoryOf,
    async open(parameters = {}) {
      const policy = await openTorchPolicy({
        python: await torchPython(),
        environment: { OMP_NUM_THREADS: '2' },
        directory: directoryOf('qwen3_vl'),
        device: 'cpu',
        temperature: 1,
        seed: 3,
        ...parameters,
      })
      opened.push(policy)
      return policy
    },
  }
}

export const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)
