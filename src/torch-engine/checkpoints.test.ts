import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { expect } from '@jest/globals'
import { StoreError, UsageError } from '../core/errors.js'
import { openModel } from '../models/open-model.js'
import { ADAMW_DEFAULTS } from '../models/train/adamw.js'
import { createTrainer } from '../models/train/trainer.js'
import { toTrainingSegment } from '../policies/tokens/to-training-segment.js'
import { lessons } from './testing/conversations.js'
import { farthest, flat, likelihood } from './testing/numbers.js'
import { setUpTorch, withTorch } from './testing/torch-setup.js'

const { directoryOf, open } = setUpTorch()

withTorch.each(['full', 'lora'] as const)(
  '%s: a policy that is saved and loaded goes on with the same next step',
  async (train) => {
    const directory = directoryOf(`saved-${train}`)
    const first = await open({ train })
    const rollouts = await lessons(first)
    const step = { rollouts, learningRate: 5e-3, gradient: likelihood(100) }
    const before = flat(await first.logprobs({ rollouts }))
    await first.step(step)
    await first.save(directory)
    await first.save(directory)
    const saved = flat(await first.logprobs({ rollouts }))
    await first.step(step)
    const after = flat(await first.logprobs({ rollouts }))
    expect(farthest(before, saved)).toBeGreaterThan(1e-3)
    expect(farthest(saved, after)).toBeGreaterThan(1e-3)

    const second = await open({ train })
    await second.load(directory)
    expect(farthest(flat(await second.logprobs({ rollouts })), saved)).toBeLessThan(1e-5)
    await second.step(step)
    expect(farthest(flat(await second.logprobs({ rollouts })), after)).toBeLessThan(1e-5)

    // The other engine reads the checkpoint, adapters among its weights.
    const model = await openModel(directory)
    const trainer = createTrainer({ ...model, optimizer: ADAMW_DEFAULTS })
    const segments = await Promise.all(
      rollouts.map((rollout) => toTrainingSegment({ rollout, config: model.processor })),
    )
    expect(farthest(flat(await trainer.logprobs({ segments })), saved)).toBeLessThan(1e-4)
    trainer.dispose()
    const folders = await readdir(dirname(directory))
    expect(folders.filter((name) => name.startsWith('.'))).toEqual([])
  },
)

withTorch(
  'a folder of another model, or of another training, is refused, and the policy goes on',
  async () => {
    const policy = await open({ train: 'full' })
    const rollouts = await lessons(policy)
    const before = flat(await policy.logprobs({ rollouts }))
    await expect(policy.load(directoryOf('qwen2_5_vl'))).rejects.toThrow(UsageError)
    const adapted = await open({ train: 'lora' })
    await adapted.save(directoryOf('adapted'))
    await expect(policy.load(directoryOf('adapted'))).rejects.toThrow(
      /expected a checkpoint of training full/,
    )
    // Over weights that hold the adapters already, they would count twice.
    const over = await open({ train: 'lora', directory: directoryOf('adapted') })
    await expect(over.load(directoryOf('adapted'))).rejects.toThrow(UsageError)
    expect(flat(await policy.logprobs({ rollouts }))).toEqual(before)
  },
)

withTorch(
  'a checkpoint that finds no room is a StoreError with what to do, and the policy goes on, its earlier checkpoint whole',
  async () => {
    const directory = directoryOf('no-room')
    const policy = await open({ train: 'full' })
    const rollouts = await lessons(policy)
    await policy.save(directory)
    const before = flat(await policy.logprobs({ rollouts }))
    const step = { rollouts, learningRate: 5e-3, gradient: likelihood(100) }
    await policy.step(step)
    // Files of the engine may be so long and no longer, as on a disk that is full.
    const limit = (bytes: string) =>
      promisify(execFile)('prlimit', ['--pid', String(policy.facts.pid), `--fsize=${bytes}:`])
    await limit('65536')
    const saved = policy.save(directory)
    await expect(saved).rejects.toThrow(StoreError)
    await expect(saved).rejects.toThrow(/no-room could not be written: Error: EFBIG: .*free space/)
    await limit('unlimited')
    await policy.step(step)
    await policy.load(directory)
    expect(farthest(flat(await policy.logprobs({ rollouts })), before)).toBeLessThan(1e-5)
  },
)
