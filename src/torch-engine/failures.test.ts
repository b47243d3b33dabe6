import { existsSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import { EngineError } from '../core/errors.js'
import type { TrainingRollout } from '../core/trainable-policy.js'
import { converse, question, request } from './testing/conversations.js'
import { isRunning, setUpTorch, withTorch } from './testing/torch-setup.js'

const { directoryOf, open } = setUpTorch()

withTorch('an aborted turn ends, and the others go on', async () => {
  const policy = await open()
  const abort = new AbortController()
  const long = policy.next(request(question('long'), 'long', { maxTokens: 4000, signal: abort.signal }))
  const other = converse(policy, 'other', 1)
  abort.abort(new Error('enough'))
  await expect(long).rejects.toThrow('enough')
  expect((await other)[0]?.usage.completionTokens).toBeGreaterThan(0)
})

withTorch('a turn that says more characters than it may is ended', async () => {
  const policy = await open()
  const reply = await policy.next(request(question('wordy'), 'wordy', { maxTokens: 400, maxCharacters: 3 }))
  expect(reply.text.length).toBeLessThanOrEqual(3)
  expect(reply.usage.completionTokens).toBeLessThan(10)
})

withTorch(
  'a process that is killed fails what it was asked with an error that names it, and leaves nothing behind',
  async () => {
    const policy = await open()
    const { pid } = policy.facts
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
    const exchange = command.split('\0').at(-2) ?? ''
    expect(existsSync(exchange)).toBe(true)
    const turn = policy.next(request(question('killed'), 'killed', { maxTokens: 4000 }))
    process.kill(pid, 'SIGKILL')
    await expect(turn).rejects.toThrow(EngineError)
    await expect(turn).rejects.toMatchObject({
      isRetryable: true,
      message: expect.stringContaining('SIGKILL'),
    })
    await expect(policy.next(request(question('again'), 'again'))).rejects.toThrow(EngineError)
    expect(isRunning(pid)).toBe(false)
    await policy.close()
    expect(existsSync(exchange)).toBe(false)
  },
)

withTorch('an interrupt from the terminal, which reaches the engine too, ends nothing there', async () => {
  const policy = await open()
  process.kill(policy.facts.pid, 'SIGINT')
  const [turn] = await converse(policy, 'interrupted', 1)
  expect(turn?.usage.completionTokens).toBeGreaterThan(0)
  expect(isRunning(policy.facts.pid)).toBe(true)
})

withTorch('a policy that is closed leaves no process and no folder', async () => {
  const policy = await open()
  const { pid } = policy.facts
  const exchange = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').at(-2) ?? ''
  await policy.close()
  expect(isRunning(pid)).toBe(false)
  expect(existsSync(exchange)).toBe(false)
  await expect(policy.next(request(question('late'), 'late'))).rejects.toThrow('closed')
})

withTorch(
  'weights that are damaged are an error of the engine that says why, and its process is gone',
  async () => {
    const directory = directoryOf('damaged')
    await cp(directoryOf('qwen3_vl'), directory, { recursive: true })
    await writeFile(join(directory, 'model.safetensors'), 'no weights')
    await expect(open({ directory })).rejects.toThrow(/safetensors/i)
  },
)

withTorch(
  'memory that does not suffice is an error that says how much was asked for, and ends the process',
  async () => {
    const policy = await open({ batchTokens: 1e9 })
    const rollout = (length: number): TrainingRollout => {
      const given = {
        ids: Array(length).fill(65),
        mask: Array(length).fill(0),
        logprobs: Array(length).fill(0),
        images: [],
      }
      return {
        ledger: { segments: [given, { ids: [66], mask: [1], logprobs: [0], images: [] }] },
        images: new Map(),
      }
    }
    // Which token sees which, for two rollouts of a million tokens: two terabytes.
    const asked = policy.logprobs({ rollouts: [rollout(1e6), rollout(2)] })
    await expect(asked).rejects.toThrow(EngineError)
    await expect(asked).rejects.toMatchObject({
      isRetryable: false,
      message: expect.stringMatching(/memory/),
    })
    await policy.close()
    expect(isRunning(policy.facts.pid)).toBe(false)
  },
)
