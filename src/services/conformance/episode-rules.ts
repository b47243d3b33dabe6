import { expectThat, type ConformanceRule } from './conformance-rule.js'
import { answering, calling, HALF, ScriptedEpisode } from './scripted-episode.js'
import { filled, observed } from './observed.js'

/** What would tell the answer. */
const SECRETS = ['answers', 'requiredTools', 'required_tools', 'ground_truth', 'bbox']

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
    const leaked = SECRETS.filter((name) => JSON.stringify(json).includes(`"${name}"`))
    return expectThat(status === 201 && leaked.length === 0, '201, and no such field', { status, leaked })
  }),
  rule('the same id with the same task is the same episode', async (episode) => {
    const [first, again, other] = [await episode.begin(0), await episode.begin(0), await episode.begin('x')]
    const statuses = [first.status, again.status, other.status]
    return expectThat(
      statuses[0] === 201 && statuses[1] === 200 && (statuses[2] === 409 || statuses[2] === 422),
      '201, 200, and a refusal of another task',
      statuses,
    )
  }),
  rule('a call makes the next image', async (episode) => {
    await episode.begin()
    const { json } = await episode.say(calling(HALF))
    const [image] = (observed(json)['images'] ?? []) as { index?: number; data?: string }[]
    return expectThat(
      image?.index === 1 && (image.data ?? '').startsWith('iVBOR') && json['reward'] === null,
      'image 1 as a PNG file, and no reward yet',
      { index: image?.index, reward: json['reward'] },
    )
  }),
  rule('a turn that is sent again is taken once', async (episode) => {
    await episode.begin()
    const [first, again] = [await episode.say(calling(HALF), 'a'), await episode.say(calling(HALF), 'a')]
    const other = await episode.say(calling('result = image'), 'a')
    return expectThat(
      JSON.stringify(first.json) === JSON.stringify(again.json) && other.status === 409,
      'the same answer, and 409 for another turn under that id',
      [observed(again.json)['turns'], other.status],
    )
  }),
  rule('code that fails is an observation that names error and line', async (episode) => {
    await episode.begin()
    const { status, json } = await episode.say(calling('x = 1\nresult = image.nothing()'))
    const text = String(observed(json)['text'])
    const isTold = status === 200 && text.includes('AttributeError') && text.includes('> 2 |')
    return expectThat(isTold, 'an AttributeError in line 2', { status, text })
  }),
  rule('a call that is no JSON, and an image that is none, are observations', async (episode) => {
    await episode.begin()
    const broken = await episode.say('<think>a</think><tool_call>{"name": "code_image_tool", </tool_call>')
    const beyond = await episode.say(calling(HALF, { index: 99 }))
    return expectThat(
      broken.status === 200 &&
        beyond.status === 200 &&
        String(observed(beyond.json)['text']).includes('IndexError'),
      'two observations',
      [broken.status, beyond.status, observed(beyond.json)['text']],
    )
  }),
  rule('code that never ends is ended, and the episode goes on', async (episode) => {
    await episode.begin()
    const { json } = await episode.say(calling('while True: pass'))
    const after = await episode.say(calling(HALF))
    return expectThat(
      String(observed(json)['text']).includes('timeout') && filled(observed(after.json)['images']),
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
    return expectThat(late.status === 409, 'status 409', late)
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
