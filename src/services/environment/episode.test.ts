import { expect, test } from '@jest/globals'
import { createFakeSandbox } from '../../agent/testing/fake-sandbox.js'
import { fakeImage } from '../../agent/testing/fake-image.js'
import { fakeTask } from '../../agent/testing/fake-task.js'
import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import { SandboxError } from '../../core/errors.js'
import type { AgentSettings } from '../../evaluation/run/agent-settings.js'
import { Episode } from './episode.js'
import { replyOf } from './episode-session.js'

const agent: AgentSettings = {
  prompt: SYSTEM_PROMPT,
  tools: [CODE_IMAGE_TOOL],
  view: { minPixels: 1, maxPixels: 1e6 },
  parsing: 'robust',
  feedback: 'standard',
  limits: { turns: 5 },
}
const image = { image: fakeImage({ width: 9, height: 7 }) }
const call = replyOf({
  toolCalls: [
    { id: 'c', name: 'code_image_tool', arguments: '{"code": "result = image", "image_index": 0}' },
  ],
})
const begin = (outcomes: Parameters<typeof createFakeSandbox>[0]) => {
  const sandbox = createFakeSandbox(outcomes)
  const parameters = { task: fakeTask(), sandbox, agent, retries: { count: 1, delayMs: 1 } }
  return { sandbox, begun: Episode.begin(parameters) }
}

test('tells prompt and question, then only what is new, and in the end the whole trajectory', async () => {
  const { sandbox, begun } = begin({ outcomes: [image] })
  const { episode, opening } = await begun
  expect(opening).toMatchObject({
    status: 'open',
    turns: 0,
    messages: [{ role: 'system' }, { role: 'user' }],
    execution: null,
  })
  expect(await episode.step(call)).toMatchObject({
    status: 'open',
    turns: 1,
    messages: [{ role: 'tool', toolCallId: 'c' }],
    execution: { status: 'ok', imageIndex: 1 },
  })
  const ended = await episode.step(replyOf({ text: '<answer>STOP</answer>' }))
  expect(ended).toMatchObject({
    status: 'ended',
    trajectory: { stop: 'answer', turns: 2, calls: [{ turn: 0 }] },
  })
  expect(sandbox.log.at(-1)).toEqual({ method: 'close' })
})

test('its session is the user of the tools that its client is, also where it is opened anew', async () => {
  const failure = { throws: new SandboxError('the host died', { isRetryable: true }) }
  const sandbox = createFakeSandbox({ outcomes: [failure, image] })
  const retries = { count: 1, delayMs: 1 }
  const { episode } = await Episode.begin({ task: fakeTask(), sandbox, agent, user: 'trainer', retries })
  await episode.step(call)
  const opened = sandbox.log.filter(({ method }) => method === 'open')
  expect(opened).toMatchObject([{ user: 'trainer' }, { user: 'trainer' }])
})

test('its images are admitted once, also where the sandbox fails before the first turn', async () => {
  const sandbox = createFakeSandbox({ outcomes: [] })
  let views = 0
  const failing: typeof sandbox = {
    ...sandbox,
    open: async (images, options) => {
      const session = await sandbox.open(images, options)
      const view: typeof session.view = (...asked) =>
        views++ === 0
          ? Promise.reject(new SandboxError('the host died', { isRetryable: true }))
          : session.view(...asked)
      return { ...session, view }
    },
  }
  let admitted = 0
  await Episode.begin({
    ...{ task: fakeTask(), sandbox: failing, agent, retries: { count: 1, delayMs: 1 } },
    admit: () => void admitted++,
  })
  expect(sandbox.log.filter(({ method }) => method === 'open')).toHaveLength(2)
  expect(admitted).toBe(1)
})

test('takes its turns again in a new session where the sandbox failed, and tells nothing twice', async () => {
  const failure = { throws: new SandboxError('the host died', { isRetryable: true }) }
  const { sandbox, begun } = begin({ outcomes: [image, failure, image, image] })
  const { episode } = await begun
  await episode.step(call)
  expect(await episode.step(call)).toMatchObject({ turns: 2, messages: [{ role: 'tool' }] })
  expect(sandbox.log.filter(({ method }) => method === 'open')).toHaveLength(2)
  const ended = await episode.step(replyOf({ text: 'done' }))
  expect(ended).toMatchObject({ trajectory: { turns: 3, calls: [{}, {}] } })
})

test('cannot go on where the sandbox keeps failing, and says so at every turn', async () => {
  const failure = { throws: new SandboxError('the disk is full') }
  const { begun } = begin({ outcomes: [failure] })
  const { episode } = await begun
  await expect(episode.step(call)).rejects.toThrow('the disk is full')
  await expect(episode.step(call)).rejects.toThrow('the disk is full')
  expect(episode.failure).toBeInstanceOf(SandboxError)
})

test('ends when it is closed, with the reason for whoever still asks', async () => {
  const { sandbox, begun } = begin({ outcomes: [image] })
  const { episode } = await begun
  await episode.close(new Error('the lease is over'))
  expect(sandbox.log.at(-1)).toEqual({ method: 'close' })
  await expect(episode.step(call)).rejects.toThrow('the lease is over')
})

test('takes one turn at a time', async () => {
  const { begun } = begin({ outcomes: [image] })
  const { episode } = await begun
  const first = episode.step(call)
  await expect(episode.step(call)).rejects.toThrow('one turn at a time')
  await first
  await episode.close(new Error('done'))
})
