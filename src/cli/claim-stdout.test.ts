import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { claimStdout } from './claim-stdout.js'

test('only what is written to the stream reaches stdout; all else goes to stderr', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const target = {
    log: (text: string) => stdout.write(`${text}\n`),
    info: (text: string) => stdout.write(`${text}\n`),
    debug: (text: string) => stdout.write(`${text}\n`),
    error: (text: string) => stderr.write(`${text}\n`),
  }
  const output = claimStdout({
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
    console: target as unknown as Console,
  })
  await new Promise((resolve) => output.write('{"jsonrpc":"2.0"}\n', resolve))
  target.log('a stray line')
  target.debug('another one')
  stdout.write('written past the console\n')
  expect(String(stdout.read())).toBe('{"jsonrpc":"2.0"}\n')
  expect(String(stderr.read())).toBe('a stray line\nanother one\nwritten past the console\n')
})
