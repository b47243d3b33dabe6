import type { ConformanceAnswer, ConformanceClient } from './conformance-client.js'
import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { filled, objectIn, objectsIn } from './observed.js'
import { answering, calling } from './scripted-episode.js'

const QUESTION = 'What is written?'
const RIGHT = 'forty-two'
const ROTATION = 'result = image.rotate(270, expand=True)'

/** What trainers rely on that have rollouts of their own scored. */
export const REWARD_RULES: readonly ConformanceRule[] = [
  rule('what is right is worth more than what is wrong, with every component', async (client) => {
    const answer = await scored(client, [
      trajectory({ key: 'right', answer: RIGHT }),
      trajectory({ key: 'wrong', answer: 'seven' }),
    ])
    const [right, wrong] = rewardsIn(answer)
    return expectThat(
      right?.outcome === 'correct' &&
        wrong?.outcome === 'wrong' &&
        right.total > wrong.total &&
        filled(right.parts) &&
        [right.key, wrong.key].join() === 'right,wrong',
      'correct and more, then wrong and less, in the order in which they were sent',
      toldBy(answer),
    )
  }),
  rule('what was seen to be done is paid, what the code only names is not', async (client) => {
    const answer = await scored(client, [
      trajectory({ key: 'done', answer: RIGHT, call: { code: ROTATION, isSeen: true } }),
      trajectory({
        key: 'named',
        answer: RIGHT,
        call: { code: `# ${ROTATION}\nresult = image`, isSeen: false },
      }),
    ])
    const [done, named] = rewardsIn(answer)
    return expectThat(
      done !== undefined && named !== undefined && done.total > named.total,
      'more for the rotation than for its name',
      toldBy(answer),
    )
  }),
  rule('an answer that the tool has printed is not taken', async (client) => {
    const answer = await scored(client, [
      trajectory({
        ...{ key: 'printed', answer: 'seven' },
        call: { code: 'result = image', isSeen: false, told: answering(RIGHT) },
      }),
    ])
    return expectThat(rewardsIn(answer)[0]?.outcome === 'wrong', 'the outcome wrong', toldBy(answer))
  }),
  rule('groups of recorded calls come back under their keys, in their order', async (client) => {
    const done = { ok: true, transforms: ['rotate_270'], cropBoxes: [] }
    const groups = ['b', 'a'].map((key) => ({
      ...{ key, requiredTools: ['rotate_270'], box: null },
      rollouts: [true, false].map((correct) => ({
        ...{ key: String(correct), correct, formatOk: true, calls: [done] },
      })),
    }))
    const answer = await client.ask('POST', '/v1/reward', { variant: 'paper', groups })
    const keys = objectsIn(answer.json['groups']).flatMap(({ key, rollouts }) =>
      objectsIn(rollouts).map((one) => `${String(key)} ${String(one['key'])}`),
    )
    return expectThat(
      keys.join() === 'b true,b false,a true,a false',
      'b, then a, with two rollouts each',
      keys,
    )
  }),
  rule('a field that is none is refused with its path', async (client) => {
    const wrong = { ...trajectory({ key: 'x', answer: RIGHT }), corect: true }
    const { status, json } = await scored(client, [wrong])
    return expectThat(
      status === 422 && JSON.stringify(json).includes('trajectories[0].corect'),
      '422 and trajectories[0].corect',
      { status, json },
    )
  }),
]

function rule(name: string, check: (client: ConformanceClient) => Promise<string | null>): ConformanceRule {
  return { name: `rewards of rollouts: ${name}`, check }
}

interface Written {
  key: string
  answer: string
  call?: { code: string; isSeen: boolean; told?: string }
}

/** A rollout as a run folder has it. */
function trajectory({ key, answer, call }: Written): object {
  const messages = [
    { role: 'user', content: QUESTION },
    ...(call === undefined
      ? []
      : [
          { role: 'assistant', content: calling(call.code) },
          { role: 'tool', content: call.told ?? 'Image 1 is the result.' },
        ]),
    { role: 'assistant', content: answering(answer) },
  ]
  const operations = call?.isSeen === true ? [{ op: 'rotate_270', verified: true }] : []
  const calls =
    call === undefined ? [] : [{ call: { code: call.code }, execution: { status: 'ok', operations } }]
  return {
    ...{ group: 'task', key, question: QUESTION, answers: [RIGHT], requiredTools: ['rotate_270'] },
    trajectory: { messages, calls },
  }
}

async function scored(
  client: ConformanceClient,
  trajectories: readonly object[],
): Promise<ConformanceAnswer> {
  return client.ask('POST', '/v1/reward', { variant: 'paper', trajectories })
}

interface Paid {
  key: unknown
  outcome: unknown
  total: number
  parts: unknown
}

function rewardsIn({ json }: ConformanceAnswer): Paid[] {
  return objectsIn(json['trajectories']).map(({ key, outcome, reward }) => {
    const { total, parts } = objectIn(reward)
    return { key, outcome, total: typeof total === 'number' ? total : Number.NaN, parts }
  })
}

function toldBy(answer: ConformanceAnswer): unknown {
  const rewards = rewardsIn(answer).map(({ key, outcome, total }) => [key, outcome, total])
  return rewards.length > 0 ? rewards : [answer.status, answer.json]
}
