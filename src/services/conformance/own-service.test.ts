import { expect, test } from '@jest/globals'
import { withOwnService } from './own-service.js'

test('a service of its own answers while the work goes on, and has ended where the work has failed', async () => {
  let where = ''
  const failing = withOwnService({
    kind: 'env',
    tokenFile: undefined,
    signal: new AbortController().signal,
    work: async (url) => {
      where = url
      const state = (await (await fetch(`${url}/state`)).json()) as { tasks: number }
      throw new RangeError(`${state.tasks} tasks`)
    },
  })
  await expect(failing).rejects.toThrow('6 tasks')
  await expect(fetch(`${where}/state`)).rejects.toThrow('fetch failed')
}, 120_000)

test('where it was aborted before, nothing is begun', async () => {
  const abort = new AbortController()
  abort.abort()
  const work = withOwnService({
    ...{ kind: 'mcp', tokenFile: undefined, signal: abort.signal },
    work: () => Promise.reject(new Error('begun')),
  })
  await expect(work).rejects.toMatchObject({ name: 'AbortError' })
})
