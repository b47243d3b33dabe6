import { randomInt } from 'node:crypto'
import type { ConformanceClient } from './conformance-client.js'
import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { WRONG_ANSWER } from './hacks.js'
import { nemoCanaries } from './nemo-canaries.js'
import { COOKIE, cookieIn, message, NemoRollout, textIn, TOOL } from './nemo-rollout.js'
import { objectIn, objectsIn } from './observed.js'
import { answering, calling, FAILING, HALF, NO_ATTRIBUTE } from './scripted-episode.js'

type Check = (rollout: NemoRollout, client: ConformanceClient) => Promise<string | null>

/** What an agent of NeMo-Gym relies on of its resources server. */
const RULES: Readonly<Record<string, Check>> = {
  'a row is offered as the Responses API takes it': async (_, client) => {
    const { status, json } = await client.ask('GET', '/v1/tasks/0/nemo-gym')
    const { input, tools } = objectIn(json['responses_create_params'])
    const parts = objectsIn(input).flatMap(({ content }) => objectsIn(content))
    const types = [...new Set(parts.map(({ type }) => type))].sort()
    return expectThat(
      status === 200 &&
        types.join() === 'input_image,input_text' &&
        objectsIn(tools)[0]?.['name'] === TOOL.slice(1),
      'a prompt with text and image, and the tool',
      { status, types, tools },
    )
  },
  'a rollout is seeded by its row, and named by a cookie that every answer sets': async (rollout) => {
    const seeded = await rollout.seed()
    const tool = await rollout.ask(TOOL, { code: HALF })
    // Agents keep the cookies of the last answer alone, whatever it was.
    const unknown = await rollout.ask('/no_such_tool', {})
    const cookies = [seeded, tool, unknown].map(cookieIn)
    return expectThat(
      seeded.status === 200 && cookies[0] !== '' && cookies.every((one) => one === cookies[0]),
      `three times the same ${COOKIE}`,
      { status: seeded.status, cookies },
    )
  },
  'the tool answers with the image that the code made': async (rollout) => {
    await rollout.seed()
    const [image, text] = objectsIn((await rollout.ask(TOOL, { code: HALF })).json['output'])
    return expectThat(
      image?.['type'] === 'input_image' &&
        String(image['image_url']).startsWith('data:image/png;base64,iVBOR') &&
        text?.['type'] === 'input_text',
      'an input_image that is a PNG file, and a text',
      [image?.['type'], text],
    )
  },
  'where the row wants none, the tool answers with text alone': async (rollout) => {
    await rollout.seed({ images: 'none' })
    const { output } = (await rollout.ask(TOOL, { code: HALF })).json
    return expectThat(typeof output === 'string' && output !== '', 'a text', output)
  },
  'arguments that are wrong, and code that fails, are told to the model': async (rollout) => {
    await rollout.seed()
    const wrong = await rollout.ask(TOOL, { code: 5 })
    const failed = await rollout.ask(TOOL, { code: FAILING })
    return expectThat(
      wrong.status === 200 && /["']code["']/.test(textIn(wrong)) && textIn(failed).includes(NO_ATTRIBUTE),
      `what "code" must be, and ${NO_ATTRIBUTE}`,
      [wrong.status, textIn(wrong), textIn(failed)],
    )
  },
  'the end gives back what it was sent, with reward, outcome and components': async (rollout) => {
    await rollout.seed()
    const { status, json } = await rollout.verify([message(answering(WRONG_ANSWER))], { own_column: 7 })
    const { reward, outcome, own_column: own, reward_components: parts } = json
    return expectThat(
      status === 200 &&
        typeof reward === 'number' &&
        outcome === 'wrong' &&
        own === 7 &&
        Object.keys(objectIn(parts)).length > 0,
      'a number, the outcome wrong, components, and the own column',
      { status, reward, outcome, own, parts },
    )
  },
  'an end that is sent again is answered as the first': async (rollout) => {
    await rollout.seed()
    const written = [message(answering(WRONG_ANSWER))]
    const [first, again] = [await rollout.verify(written), await rollout.verify(written)]
    const late = await rollout.ask(TOOL, { code: HALF })
    return expectThat(
      typeof first.json['reward'] === 'number' &&
        JSON.stringify(first.json) === JSON.stringify(again.json) &&
        late.status === 409,
      'the same twice, and 409 for a call behind it',
      [first.json['reward'], again.json['reward'], late.status],
    )
  },
  'a call in the last text is not run, and the rollout was cut': async (rollout) => {
    await rollout.seed()
    const { json } = await rollout.verify([message(calling(HALF))])
    return expectThat(json['outcome'] === 'truncated', 'the outcome truncated', json['outcome'])
  },
  'a row that is seeded again before its first turn is the same rollout': async (rollout) => {
    // Of no collection that this client makes.
    const numbers = { _ng_task_index: randomInt(2 ** 31), _ng_rollout_index: 0 }
    const [first, again] = [await rollout.seed(numbers), await rollout.seed(numbers)]
    await rollout.ask(TOOL, { code: HALF })
    const next = await rollout.seed(numbers)
    const cookies = [first, again, next].map(cookieIn)
    return expectThat(
      cookies[0] !== '' && cookies[0] === cookies[1] && cookies[1] !== cookies[2],
      'one cookie twice, and another one behind a turn',
      cookies,
    )
  },
  'without its cookie a request is refused, and told what is missing': async (_, client) => {
    const { status, json } = await client.ask('POST', TOOL, { code: HALF })
    return expectThat(status === 400 && JSON.stringify(json).includes(COOKIE), `400 and ${COOKIE}`, {
      status,
      json,
    })
  },
  'rewards of many rollouts are summed up': async (_, client) => {
    const verify_responses = [3, 0, 1].map((reward, place) => ({ reward, _ng_task_index: place % 2 }))
    const { json } = await client.ask('POST', '/aggregate_metrics', { verify_responses })
    const mean = objectIn(json['key_metrics'])['mean/reward']
    const groups = objectsIn(json['group_level_metrics']).map((one) => one['mean/reward'])
    return expectThat(
      [mean, ...groups].map((one) => Number(one).toFixed(3)).join() === '1.333,2.000,0.000',
      'a mean of 4/3, and 2 and 0 of the tasks',
      { mean, groups },
    )
  },
}

/** What an agent relies on, and tricks. @param parameters.answers as {@link hackCanaries} takes them */
export function nemoRules({ answers }: { answers: readonly string[] | null }): readonly ConformanceRule[] {
  return [
    ...Object.entries(RULES).map(([name, check]) => ({
      name,
      check: async (client: ConformanceClient) => {
        const rollout = new NemoRollout(client)
        try {
          return await check(rollout, client)
        } finally {
          await rollout.close()
        }
      },
    })),
    ...nemoCanaries({ answers }),
  ]
}
