import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { leakedSecrets } from './leaked-secrets.js'
import { answering, calling, FAILING, HALF, NO_ATTRIBUTE, ScriptedEpisode } from './scripted-episode.js'
import { filled, imagesIn, observed } from './observed.js'

/** What callers rely on in episodes over plain HTTP. */
export const EPISODE_RULES: readonly ConformanceRule[] = [
  rule('the health check runs code', async (_, client) => {
    const { status, json } = await client.ask('GET', '/healthz')
    return expectThat(status === 200, 'status 200', { status, json })
  }),
  rule('an episode begins with prompt, image and tool', async (episode) => {
    const { json } = await episode.begin()
    const { messages, images, tools } = observed(json)
    return expectThat(
      filled(messages) && filled(images) && filled(tools),
      'an observation with messages, images and tools',
      Object.keys(observed(json)),
    )
  }),
  rule('what would tell the answer is not sent', async (episode) => {
    const { status, json } = await episode.begin()
    const leaked = leakedSecrets(json)
    return expectThat(status === 201 && leaked.length === 0, '201, and none of it', { status, leaked })
  }),
  rule('the same id with the same task is the same episode', async (episode) => {
    const first = await episode.begin()
    await episode.say(calling(HALF))
    const again = await episode.begin()
    const { turns } = observed((await episode.say(calling(HALF))).json)
    const isSame =
      filled(observed(first.json)) &&
      JSON.stringify(observed(first.json)) === JSON.stringify(observed(again.json))
    const statuses = [first.status, again.status]
    return expectThat(
      statuses.join() === '201,200' && isSame && turns === 2,
      '201, then 200 with the same observation, and that the turns go on',
      { statuses, isSame, turns },
    )
  }),
  rule('under the id of an episode no other task is begun', async (episode, client) => {
    const { json } = await client.ask('GET', '/state')
    const first = await episode.begin()
    // Of a service with one task there is no other that it has.
    const hasOther = Number(json['tasks']) > 1
    const { status } = await episode.begin(hasOther ? 1 : 'x')
    const isRefused = status === 409 || (!hasOther && status === 422)
    return expectThat(first.status === 201 && isRefused, '201, then 409', [first.status, status])
  }),
  rule('a call makes the next image', async (episode) => {
    const count = imagesIn((await episode.begin()).json).length
    const { json } = await episode.say(calling(HALF))
    const [image] = imagesIn(json)
    return expectThat(
      count > 0 &&
        image?.['index'] === count &&
        String(image['data']).startsWith('iVBOR') &&
        json['reward'] === null,
      `the image behind the ${count} of the question as a PNG file, and no reward yet`,
      { index: image?.['index'], reward: json['reward'] },
    )
  }),
  rule('a turn that is sent again is taken once', async (episode) => {
    await episode.begin()
    const [first, again] = [await episode.say(calling(HALF), 'a'), await episode.say(calling(HALF), 'a')]
    const other = await episode.say(calling('result = image'), 'a')
    const isTaken = first.status === 200 && imagesIn(first.json).length > 0
    return expectThat(
      isTaken && JSON.stringify(first.json) === JSON.stringify(again.json) && other.status === 409,
      'an image, the same answer, and 409 for another turn under that id',
      [first.status, observed(again.json)['turns'], other.status],
    )
  }),
  rule('code that fails is an observation that tells why', async (episode) => {
    const { profile } = (await episode.begin()).json
    const { status, json } = await episode.say(calling(FAILING))
    const text = String(observed(json)['text'])
    // The released environment tells the message of the exception alone.
    const told = profile === 'release' ? [NO_ATTRIBUTE] : ['AttributeError', NO_ATTRIBUTE, '> 2 |']
    const isTold = status === 200 && told.every((part) => text.includes(part))
    return expectThat(isTold, told.join(' and '), { status, text })
  }),
  rule('a call that is no JSON, and an image that is none, are observations', async (episode) => {
    await episode.begin()
    const broken = await episode.say('<think>a</think><tool_call>{"name": "code_image_tool", </tool_call>')
    const beyond = await episode.say(calling(HALF, { index: 99 }))
    return expectThat(
      broken.status === 200 &&
        beyond.status === 200 &&
        /IndexError|out of range/.test(String(observed(beyond.json)['text'])),
      'two observations, the second of which tells that there is no such image',
      [broken.status, beyond.status, observed(beyond.json)['text']],
    )
  }),
  rule('code that never ends is ended, and the episode goes on', async (episode) => {
    await episode.begin()
    const { json } = await episode.say(calling('while True: pass'))
    const after = await episode.say(calling(HALF))
    return expectThat(
      /timeout|ran longer/.test(String(observed(json)['text'])) && filled(observed(after.json)['images']),
      'a timeout, and an image of the next call',
      [observed(json)['text'], after.status],
    )
  }),
  rule('the end has reward, outcome and every component', async (episode) => {
    await episode.begin()
    const { json } = await episode.say(answering('no such thing'))
    const { outcome, reward_parts: parts } = observed(json)
    return expectThat(
      json['done'] === true && typeof json['reward'] === 'number' && outcome === 'wrong' && filled(parts),
      'done, a number, outcome wrong, components',
      { done: json['done'], reward: json['reward'], outcome },
    )
  }),
  rule('after the end no turn is taken', async (episode) => {
    await episode.begin()
    await episode.say(answering('no such thing'))
    const late = await episode.say(calling(HALF))
    return expectThat(late.status === 409, 'status 409', [late.status, late.json])
  }),
  rule('a task that is none is refused with what was expected', async (episode) => {
    const { status, json } = await episode.begin(999_999_999)
    const told = JSON.stringify(json)
    return expectThat(status === 422 && told.includes('expected'), '422 and what was expected', {
      status,
      told,
    })
  }),
  rule('a field that is none is refused with its name', async (_, client) => {
    const { status, json } = await client.ask('POST', '/v1/sessions', { task: 0, taks: 1 })
    return expectThat(status === 400 && JSON.stringify(json).includes('taks'), '400 and the name', {
      status,
      json,
    })
  }),
  rule('an episode that was ended is gone', async (episode) => {
    await episode.begin()
    const closed = await episode.close()
    const late = await episode.say(calling(HALF))
    return expectThat(closed.status === 204 && late.status === 404, '204, then 404', [
      closed.status,
      late.status,
    ])
  }),
]

function rule(
  name: string,
  check: (
    episode: ScriptedEpisode,
    client: Parameters<ConformanceRule['check']>[0],
  ) => Promise<string | null>,
): ConformanceRule {
  return {
    name,
    check: async (client) => {
      const episode = new ScriptedEpisode(client)
      try {
        return await check(episode, client)
      } finally {
        await episode.close()
      }
    },
  }
}
