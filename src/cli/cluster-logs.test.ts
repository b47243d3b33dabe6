import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { RUNNING, startDashboard, type TestDashboard } from '../cluster/ray/testing/dashboard.js'

const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

let dashboard: TestDashboard
beforeEach(async () => {
  dashboard = await startDashboard()
})
afterEach(() => dashboard.close())

test('following ends with the reader of the log, and the job goes on', async () => {
  dashboard.jobs.set('mine', RUNNING)
  const command = `"$0" "$1" cluster logs mine --follow --address ${dashboard.address} | head -1`
  const ended = new Promise<{ stdout: string; stderr: string }>((resolve) =>
    execFile('sh', ['-c', command, process.execPath, program], (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    ),
  )
  // It writes for as long as somebody listens.
  const writing = setInterval(() => {
    for (const socket of dashboard.sockets) socket.send('a line\n')
  }, 50)
  const { stdout, stderr } = await ended.finally(() => clearInterval(writing))
  expect(stdout).toBe('a line\n')
  expect(stderr).toMatch(/The job goes on\. To end it: .*main\.js cluster stop mine/)
  expect(dashboard.jobs.get('mine')?.status).toBe('RUNNING')
}, 60_000)
