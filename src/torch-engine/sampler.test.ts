import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from '@jest/globals'
import { torchPython } from '../wiring.js'
import { converse, question, request } from './testing/conversations.js'
import { farthest } from './testing/numbers.js'
import { FAMILIES, setUpTorch, withTorch } from './testing/torch-setup.js'

const { directoryOf, open } = setUpTorch()

withTorch.each(FAMILIES)(
  '%s: prompts that are read together, once for equal ones, give each conversation what it gets alone',
  async (family) => {
    const { executable, site, enginePackage } = await torchPython()
    const { stderr } = await promisify(execFile)(
      executable,
      ['-B', join(enginePackage, 'tests', 'test_sampler.py')],
      {
        env: {
          ...{ PYTHONPATH: [enginePackage, site].join(delimiter), OMP_NUM_THREADS: '2' },
          ...{ CODEVISION_TINY: directoryOf(family), HF_HUB_OFFLINE: '1' },
        },
      },
    )
    expect(stderr).toMatch(/Ran \d+ tests in .*\n\nOK\n/)
  },
)

withTorch('the rollouts of a group have their prompt read once, and each is what it is alone', async () => {
  const [together, alone] = [await open(), await open({ places: 1 })]
  const rollout = (epoch: number) =>
    request(question('grouped'), 'grouped', { sample: { key: 'grouped', epoch }, maxTokens: 40 })
  const epochs = [0, 1, 2, 3, 4, 5, 6, 7]
  const replies = await Promise.all(epochs.map((epoch) => together.next(rollout(epoch))))
  for (const epoch of epochs) {
    expect(replies[epoch]).toEqual(await alone.next(rollout(epoch)))
    const [ours, theirs] = [together, alone].map(
      (policy) => policy.ledgerOf({ key: 'grouped', epoch })?.segments ?? [],
    )
    expect(ours?.map(({ ids }) => ids)).toEqual(theirs?.map(({ ids }) => ids))
    const logprobs = [ours, theirs].map((segments) => (segments ?? []).flatMap((one) => [...one.logprobs]))
    expect(farthest(logprobs[0] ?? [], logprobs[1] ?? [])).toBeLessThan(1e-4)
  }
  const [shared, single] = [await together.usage(), await alone.usage()]
  expect(shared.prefilled + shared.repeated).toBe(single.prefilled)
  expect(shared.repeated).toBeGreaterThan(shared.prefilled)
  expect(single.repeated).toBe(0)
  expect(single.passes).toBe(8)
  await converse(together, 'afterwards', 1)
})
