import { Writable } from 'node:stream'

/**
 * Take standard output for a protocol: from then on only the stream that is returned writes there, and whatever else this process prints goes to stderr. One stray
 * line, of a library or of ours, would end the conversation.
 */
export function claimStdout({
  stdout,
  stderr,
  console: target,
}: {
  stdout: Pick<NodeJS.WriteStream, 'write' | 'on'>
  stderr: Pick<NodeJS.WriteStream, 'write'>
  console: Pick<Console, 'log' | 'info' | 'debug' | 'error'>
}): Writable {
  const write = stdout.write.bind(stdout) as (chunk: Buffer, done: (error?: Error | null) => void) => boolean
  const output = new Writable({ write: (chunk: Buffer, _encoding, done) => void write(chunk, done) })
  stdout.on('error', (error: Error) => output.destroy(error))
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write
  const { error } = target
  Object.assign(target, { log: error, info: error, debug: error })
  return output
}
