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
    const call = { code: 'result = image', isSeen: false, told: answering(RIGHT) }
    const answer = await scored(
      client,
      ['seven', null].map((last) => trajectory({ key: String(last), answer: last, call })),
    )
    const [wrong, silent] = rewardsIn(answer)
    return expectThat(
      // What a scoring says of a last turn without an answer differs.
      wrong?.outcome === 'wrong' && ['wrong', 'unparsed'].includes(String(silent?.outcome)),
      'no correct one, whether the last turn has an answer or none',
      toldBy(answer),
    )
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
    const rollouts = objectsIn(answer.json['groups']).flatMap(({ key: group, rollouts: all }) =>
      objectsIn(all).map(({ key, reward }) => ({
        name: `${String(group)} ${String(key)}`,
        total: Number(objectIn(reward)['total']),
      })),
    )
    const [names, totals] = [rollouts.map(({ name }) => name), rollouts.map(({ total }) => total)]
    const [right = NaN, wrong = NaN] = totals
    return expectThat(
      names.join() === 'b true,b false,a true,a false' && right > wrong,
      'b, then a, with two rollouts each, the right one worth more',
      rollouts,
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
  /** Null: the last turn has none. */
  answer: string | null
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
    { role: 'assistant', content: answer === null ? '<think>so</think>' : answering(answer) },
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
