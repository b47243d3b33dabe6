import { describe, expect, test } from '@jest/globals'
import { runCommand } from './run-command.js'

describe('runCommand', () => {
  test('tells a program that does not exist from one that fails', async () => {
    const missing = await runCommand({ file: 'no-such-program-at-all', args: [] })
    expect(missing).toMatchObject({ isOk: false, isMissing: true })
    const failing = await runCommand({ file: 'sh', args: ['-c', 'echo out; echo why >&2; exit 3'] })
    expect(failing).toEqual({ isOk: false, isMissing: false, stdout: 'out', problem: 'why' })
  })

  test('hands on the lines of both streams, and answers also when the program fails after them', async () => {
    const lines: string[] = []
    const result = await runCommand({
      file: 'sh',
      args: ['-c', 'echo one; echo two >&2; exit 1'],
      onLine: (line) => lines.push(line),
    })
    expect(lines.sort()).toEqual(['one', 'two'])
    expect(result.isOk).toBe(false)
  })

  test('keeps the end of a long complaint', async () => {
    const result = await runCommand({ file: 'sh', args: ['-c', 'seq 1 50 >&2; exit 1'] })
    expect(result.problem.split('\n')).toEqual(['43', '44', '45', '46', '47', '48', '49', '50'])
  })

  test('gives a program no input to wait for, and ends it at its time limit', async () => {
    expect((await runCommand({ file: 'cat', args: [] })).isOk).toBe(true)
    const result = await runCommand({ file: 'sleep', args: ['60'], timeoutMs: 50 })
    expect(result).toMatchObject({ isOk: false, isMissing: false })
    expect(result.problem).toMatch(/timed out/)
  })

  test('rejects with AbortError when it is aborted, before and while it runs', async () => {
    await expect(runCommand({ file: 'true', args: [], signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    })
    const abort = new AbortController()
    const running = runCommand({
      file: 'sh',
      args: ['-c', 'echo started; exec sleep 60'],
      onLine: () => abort.abort(),
      signal: abort.signal,
    })
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
  })
})
