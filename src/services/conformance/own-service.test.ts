import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from '@jest/globals'
import { ServiceProcessError, UsageError } from '../../core/errors.js'
import { startServiceProcess } from '../start-service-process.js'
import { ConformanceClient } from './conformance-client.js'
import { checkMcpConformance } from './mcp-rules.js'
import { observed } from './observed.js'
import { withOwnService } from './own-service.js'
import { answering, ScriptedEpisode } from './scripted-episode.js'

test('a service of its own answers while the work goes on, and has ended where the work has failed', async () => {
  let where = ''
  const failing = withOwnService({
    kind: 'env',
    tokenFile: undefined,
    signal: new AbortController().signal,
    work: async ({ url }) => {
      where = url
      const state = (await (await fetch(`${url}/state`)).json()) as { tasks: number }
      throw new RangeError(`${state.tasks} tasks`)
    },
  })
  await expect(failing).rejects.toThrow('6 tasks')
  await expect(fetch(`${where}/state`)).rejects.toThrow('fetch failed')
}, 120_000)

test('the answers that are told of its tasks are right', async () => {
  const outcomes = await withOwnService({
    ...{ kind: 'env', tokenFile: undefined, signal: new AbortController().signal },
    work: async ({ url, answers }) => {
      const client = new ConformanceClient({ url })
      return Promise.all(
        (answers ?? []).map(async (answer, task) => {
          const episode = new ScriptedEpisode(client)
          await episode.begin(task)
          return observed((await episode.say(answering(answer))).json)['outcome']
        }),
      )
    },
  })
  expect(outcomes).toEqual(Array<string>(6).fill('correct'))
}, 120_000)

test('an MCP server of its own opens a picture of its root, and keeps the rules', async () => {
  const failed = await withOwnService({
    ...{ kind: 'mcp', tokenFile: undefined, signal: new AbortController().signal },
    work: async ({ url, files, signal }) => {
      expect(files).not.toBeNull()
      const lines: string[] = []
      for await (const { name, failure } of checkMcpConformance({ url, files, signal }))
        if (failure !== null) lines.push(`${name}: ${failure}`)
      return lines
    },
  })
  expect(failed).toEqual([])
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

test('a service of its own that ends in the middle aborts the work as an error of its own', async () => {
  const failing = withOwnService({
    ...{ kind: 'mcp', tokenFile: undefined, signal: new AbortController().signal },
    work: async ({ signal }) => {
      const aborted = once(signal, 'abort')
      process.kill(await ownService(), 'SIGKILL')
      await aborted
      signal.throwIfAborted()
    },
  })
  const error: unknown = await failing.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ServiceProcessError)
  expect(String(error)).toContain('expected it to answer until the end, got SIGKILL')
}, 120_000)

test('a service that ends before it listens is an error of the machine, or of the caller by its exit code', async () => {
  const started = startServiceProcess({ kind: 'env', options: ['--data', '/nowhere/rows.parquet'] })
  const error: unknown = await started.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  expect(String(error)).toContain('codevision serve env: expected it to listen, got exit code 2')
}, 60_000)

/** The service that this process has started. */
async function ownService(): Promise<number> {
  for (const pid of await readdir('/proc')) {
    // Processes go while they are looked at.
    const [status, words] = await Promise.all(
      ['status', 'cmdline'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
    )
    const isOurs = status?.includes(`PPid:\t${process.pid}\n`) === true
    if (isOurs && words?.includes('\0serve\0') === true) return Number(pid)
  }
  throw new Error('expected a service among the processes of the test, found none')
}
