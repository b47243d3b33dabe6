import { expect, test } from '@jest/globals'
import { SETTINGS } from '../testing/grpo-setup.js'
import { createTablePolicy, type TablePolicy } from '../testing/table-policy.js'
import type { LearnedRollout } from '../rollouts/learn-from.js'
import { grpoUpdate } from './grpo-update.js'

const WORDS = ['yes', 'no']
const SHARED = {
  reference: null,
  fates: ['learned'] as const,
  learningRate: 0.1,
  signal: new AbortController().signal,
}
const settings = { ...SETTINGS, miniBatch: 1, temperature: 1 }

/** Both answers to a question, with what each gains. */
async function groupOf({
  policy,
  prompt,
  question,
  advantages,
}: {
  policy: TablePolicy
  prompt: number
  question: string
  advantages: readonly [number, number]
}): Promise<LearnedRollout[]> {
  const rollouts: LearnedRollout[] = []
  for (const [at, advantage] of advantages.entries()) {
    const messages = [
      { role: 'user' as const, content: [{ type: 'text' as const, text: question }] },
      { role: 'assistant' as const, content: [{ type: 'text' as const, text: WORDS[at] ?? '' }] },
    ]
    const training = await policy.encode({ messages, tools: [] })
    const [sampled = new Float64Array(0)] = await policy.logprobs({ rollouts: [training] })
    rollouts.push({ prompt, training, sampled, advantage })
  }
  return rollouts
}

test('a mini-batch in which nobody has an advantage is not updated on, and the others are', async () => {
  const policy = createTablePolicy({ words: WORDS, seed: 5 })
  const [left, learned] = ['Is it red?', 'Is it teal?']
  const of = (question: string) => policy.probabilityOf({ question, word: 'yes' })
  const rollouts = [
    ...(await groupOf({ policy, prompt: 0, question: left, advantages: [0, 0] })),
    ...(await groupOf({ policy, prompt: 1, question: learned, advantages: [1, -1] })),
  ]
  const before = [of(left), of(learned)]
  const fates = ['equal', 'learned'] as const
  const figures = await grpoUpdate({ ...SHARED, policy, rollouts, fates, settings })
  expect(figures).toMatchObject({ updates: 1, updatesSkipped: 1 })
  expect(of(left)).toBe(before[0])
  expect(of(learned)).toBeGreaterThan(before[1] ?? 1)
})

test('without any advantage nothing moves, though the policy has left its reference', async () => {
  const policy = createTablePolicy({ words: WORDS, seed: 5 })
  const reference = await policy.reference()
  const question = 'Is it teal?'
  const moving = await groupOf({ policy, prompt: 0, question, advantages: [1, -1] })
  await grpoUpdate({ ...SHARED, policy, reference, rollouts: moving, settings })
  const moved = policy.probabilityOf({ question, word: 'yes' })
  const rollouts = await groupOf({ policy, prompt: 0, question, advantages: [0, 0] })
  const fates = ['equal'] as const
  const figures = await grpoUpdate({ ...SHARED, policy, reference, rollouts, fates, settings })
  expect(figures).toMatchObject({ updates: 0, updatesSkipped: 1, entropy: expect.any(Number) })
  expect(policy.probabilityOf({ question, word: 'yes' })).toBe(moved)
})

test('a mini-batch of which no rollout is learned from is counted as an update that was not made, by cause', async () => {
  const policy = createTablePolicy({ words: WORDS, seed: 5 })
  const question = 'Is it teal?'
  const rollouts = await groupOf({ policy, prompt: 3, question, advantages: [1, -1] })
  // Mini-batches of two prompts, the last of one.
  const fates = [
    ...(['filtered', 'filtered', 'lone', 'learned', 'lone', 'filtered'] as const),
    ...(['lone', 'lone', 'equal', 'equal', 'filtered'] as const),
  ]
  const twice = { ...settings, miniBatch: 2, updateRounds: 2 }
  expect(await grpoUpdate({ ...SHARED, policy, rollouts, fates, settings: twice })).toMatchObject({
    ...{ updates: 2, updatesSkipped: 10 },
    ...{ 'updatesSkipped/equal': 2, 'updatesSkipped/filtered': 4, 'updatesSkipped/lone': 4 },
  })
  const lost = fates.slice(0, 3)
  expect(await grpoUpdate({ ...SHARED, policy, rollouts: [], fates: lost, settings: twice })).toEqual({
    ...{ updates: 0, updatesSkipped: 4 },
    ...{ 'updatesSkipped/equal': 0, 'updatesSkipped/filtered': 2, 'updatesSkipped/lone': 2 },
  })
})
