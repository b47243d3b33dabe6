import type { KnownService } from './check-conformance.js'
import { ConformanceClient, type ServiceUnderTest } from './conformance-client.js'
import { expectThat, type ConformanceResult } from './conformance-rule.js'
import { leakedSecrets } from './leaked-secrets.js'
import { nothingAnswers, saidBy } from './nothing-answers.js'
import { filled, observed as observedIn } from './observed.js'
import { openEnvCanaries } from './openenv-canaries.js'
import { OpenEnvClient, type Told } from './openenv-client.js'
import { answering, calling, FAILING, HALF, NO_ATTRIBUTE } from './scripted-episode.js'

type Check = (one: OpenEnvClient, http: ConformanceClient) => Promise<string | null>

/** What clients of OpenEnv rely on. */
const RULES: Readonly<Record<string, Check>> = {
  'health, metadata and schema answer': async (_, http) => {
    const answers = await Promise.all(
      ['/health', '/metadata', '/schema'].map((path) => http.ask('GET', path)),
    )
    const statuses = answers.map(({ status }) => status)
    return expectThat(
      statuses.every((status) => status === 200),
      'three times 200',
      statuses,
    )
  },
  'reset begins an episode with prompt, image and tool': async (one) => {
    const told = await begin(one)
    const { messages, images, tools } = observed(told)
    return expectThat(
      [messages, images, tools].every(filled) && told.data.done === false,
      'an observation with messages, images and tools',
      told.data,
    )
  },
  'what would tell the answer is not sent': async (one) => {
    const told = await begin(one)
    const leaked = leakedSecrets(told.data)
    return expectThat(
      filled(observed(told)['messages']) && leaked.length === 0,
      'an observation, and none of it',
      leaked,
    )
  },
  'the same seed draws the same task': async (one) => {
    const tasks = [await begin(one, { seed: 5 }), await begin(one, { seed: 5 })].map(
      (told) => observed(told)['task'],
    )
    const isOne = tasks[0] !== undefined && JSON.stringify(tasks[0]) === JSON.stringify(tasks[1])
    return expectThat(isOne, 'one task twice', tasks)
  },
  'a step before a reset is an error, and the connection goes on': async (one) => {
    const early = await one.ask('step', { text: answering('x') })
    await begin(one)
    return expectThat(early.type === 'error', 'an error', early.type)
  },
  'what is no JSON, no type or no field is an error with a code, and the episode goes on': async (one) => {
    await begin(one)
    const errors = [await one.send('{'), await one.ask('jump'), await one.ask('step', { txt: 'x' })]
    const after = await one.ask('step', { text: calling(HALF) })
    return expectThat(
      errors.every(({ type, data }) => type === 'error' && typeof data.code === 'string') &&
        filled(observed(after)['images']),
      'three errors, then an image',
      [...errors, after].map(({ type, data }) => [type, data.code]),
    )
  },
  'a call makes an image, and code that fails is an observation': async (one) => {
    await begin(one)
    const made = await one.ask('step', { text: calling(HALF) })
    const failed = await one.ask('step', { code: FAILING })
    return expectThat(
      filled(observed(made)['images']) && String(observed(failed)['text']).includes(NO_ATTRIBUTE),
      `an image, then ${NO_ATTRIBUTE}`,
      observed(failed)['text'],
    )
  },
  'a call id that is sent again takes no turn': async (one) => {
    await begin(one)
    const turn = { text: calling(HALF), call_id: 'a' }
    const [first, again] = [await one.ask('step', turn), await one.ask('step', turn)]
    const state = await one.ask('state')
    return expectThat(
      JSON.stringify(first) === JSON.stringify(again) && state.data['step_count'] === 1,
      'the same answer, and one step',
      state.data,
    )
  },
  'the end has a reward, and another episode may begin': async (one) => {
    await begin(one)
    const { data } = await one.ask('step', { text: answering('no such thing') })
    await begin(one)
    return expectThat(data.done === true && typeof data.reward === 'number', 'done, and a number', [
      data.done,
      data.reward,
    ])
  },
  'close ends the connection': async (one) => {
    one.socket.send(JSON.stringify({ type: 'close' }))
    const code = await one.end()
    return expectThat(code === 1000, 'code 1000', code)
  },
}

/**
 * Drive an environment service over OpenEnv's WebSocket: what its clients rely on, and tricks that must not be paid. One rule after the other, each over connections of its own.
 * @throws UsageError where nothing answers; the reason of the signal
 */
export async function* checkOpenEnvConformance({
  answers = null,
  ...where
}: ServiceUnderTest & Pick<KnownService, 'answers'>): AsyncGenerator<ConformanceResult> {
  const { url, signal } = where
  const http = new ConformanceClient(where)
  const connect = (): Promise<OpenEnvClient> => OpenEnvClient.connect(where)
  const first = await connect().catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw nothingAnswers({ url, what: '`codevision serve env` or another environment of OpenEnv', cause })
  })
  await first.close()
  for (const [name, check] of Object.entries(RULES)) {
    const failure = await connect()
      .then((one) => check(one, http).finally(() => one.close()))
      .catch(saidBy)
    signal?.throwIfAborted()
    yield { name, failure }
  }
  for (const { name, check } of openEnvCanaries({ answers, connect })) {
    const failure = await check(http).catch(saidBy)
    signal?.throwIfAborted()
    yield { name, failure }
  }
}

/** Begin an episode about the first task, or the one of the choice. @throws Error that tells why it was refused, such as a row that is damaged. */
async function begin(one: OpenEnvClient, choice: object = { task: 0 }): Promise<Told> {
  const told = await one.ask('reset', choice)
  if (told.type === 'observation') return told
  throw new Error(`expected an episode, got ${JSON.stringify(told).slice(0, 300)}`)
}

function observed({ data }: Told): Record<string, unknown> {
  return observedIn(data)
}
