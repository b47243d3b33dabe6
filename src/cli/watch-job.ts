import type { RayClient } from '../cluster/ray/ray-client.js'
import { commandLine } from './command-line.js'
import { EXIT } from './report-failure.js'

/** Follow a job to its end, its log on stdout where it is wanted, the rest on stderr; Ctrl-C ends the following alone, and so does a reader of the log that is gone. @returns the exit code. */
export async function watchJob({
  client,
  id,
  withLog,
  silentAfterSeconds,
}: {
  client: RayClient
  id: string
  withLog: boolean
  silentAfterSeconds: number
}): Promise<number> {
  const { followJob } = await import('../cluster/ray/follow-job.js')
  const leave = new AbortController()
  const onSignal = (): void => leave.abort()
  process.once('SIGINT', onSignal)
  if (withLog) process.stdout.once('error', onSignal)
  try {
    const job = await followJob({
      client,
      id,
      ...(withLog && { onLog: (text: string) => process.stdout.write(text) }),
      onStatus: ({ status }) => console.error(`${id}: ${status}`),
      onTrouble: (line) => console.error(line),
      silentAfterMs: silentAfterSeconds * 1000,
      signal: leave.signal,
    })
    if (job.status === 'SUCCEEDED') return EXIT.complete
    if (job.message !== null) console.error(job.message.trim().split('\n')[0])
    return EXIT.failed
  } catch (error) {
    if (!leave.signal.aborted) throw error
    console.error(`The job goes on. To end it: ${commandLine(['cluster', 'stop', id])}`)
    return EXIT.interrupted
  } finally {
    process.off('SIGINT', onSignal)
    process.stdout.off('error', onSignal)
  }
}
