import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Message } from '../../core/message.js'
import type { TokenLedger } from '../../core/token-ledger.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { KNOWN_CALLS, writeTinyCheckpoint } from '../../models/testing/tiny-checkpoint.js'
import { openTrainableTfjsPolicy } from '../tfjs/open-trainable-tfjs-policy.js'
import { learn, ledgerOf, question, request, said, shown, TOOLS } from '../tfjs/testing/training-rollouts.js'
import type { TrainableTfjsPolicy } from '../tfjs/trainable-tfjs-policy.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encode-'))
  await openBackend('wasm')
  await writeTinyCheckpoint({ directory: join(folder, 'qwen3_vl') })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const open = (): Promise<TrainableTfjsPolicy> =>
  openTrainableTfjsPolicy({ directory: join(folder, 'qwen3_vl'), backend: 'wasm', temperature: 0 })

test('a conversation that someone else wrote is encoded as the rollout in which it was sampled', async () => {
  const policy = await open()
  const [call = '', answer] = [KNOWN_CALLS[0], 'ok']
  const messages = [...question('Which?'), said(call), shown(), said(answer)]
  const encoded = await policy.encode({ messages, tools: TOOLS })
  for (let step = 0; step < 40; step++) await learn(policy, [encoded])
  const first = await policy.next(request(question('Which?')))
  expect(first.text).toBe(call)
  const second = await policy.next(request(messages.slice(0, -1)))
  expect(second.text).toBe(answer)
  const plain = ({ segments }: TokenLedger) =>
    segments.map(({ ids, mask, images }) => ({ ids, mask, images }))
  expect(plain(encoded.ledger)).toEqual(plain(ledgerOf(policy, 'k')))
  expect(encoded.ledger.segments.map(({ mask }) => mask[0])).toEqual([0, 1, 0, 1])
  await policy.close()
})

test('conversations that cannot be trained are refused', async () => {
  const policy = await open()
  const encode = (messages: Message[]) => policy.encode({ messages, tools: [] })
  await expect(encode(question('Which?'))).rejects.toThrow(/a turn of the assistant, got system, user/)
  const native = { ...said(''), toolCalls: [{ id: '1', name: 'code_image_tool', arguments: '{}' }] }
  await expect(encode([...question('Which?'), native])).rejects.toThrow(/got a call of code_image_tool/)
  await expect(encode([...question('Which?'), said('x'.repeat(5000))])).rejects.toThrow(
    /at most 4096 tokens.*got one of 5\d\d\d/,
  )
  await policy.close()
})
