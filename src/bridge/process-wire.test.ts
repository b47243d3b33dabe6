import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { startProcess } from './process-wire.js'

test('a process that is killed takes along what it had started', async () => {
  const wire = startProcess({
    command: ['/bin/sh', '-c', 'sleep 600 & echo $! >&2; wait'],
    environment: { PATH: '/usr/bin:/bin' },
  })
  const [line] = (await once(wire.output, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(isRunning(pid)).toBe(true)
  wire.kill()
  expect(await wire.ended).toBe('it was stopped')
  while (isRunning(pid)) await pause(10)
})

function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}
