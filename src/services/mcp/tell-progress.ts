import type { ServerNotification } from '@modelcontextprotocol/sdk/types.js'

const EVERY_MS = 1_000

/** Whom a client asked to be told that a request is still at work. */
export interface ProgressListener {
  token: string | number
  send: (notification: ServerNotification) => Promise<void>
}

/** Tell of the seconds that an action takes, for as long as it does; nobody listens: only run it. */
export async function tellProgress<T>({
  listener,
  action,
}: {
  listener: ProgressListener | null
  action: () => Promise<T>
}): Promise<T> {
  if (listener === null) return action()
  const { token: progressToken, send } = listener
  let seconds = 0
  const timer = setInterval(() => {
    seconds += EVERY_MS / 1000
    const params = { progressToken, progress: seconds, message: `at work for ${seconds} s` }
    // A client that is gone is noticed by its transport.
    send({ method: 'notifications/progress', params }).catch(() => undefined)
  }, EVERY_MS)
  try {
    return await action()
  } finally {
    clearInterval(timer)
  }
}
