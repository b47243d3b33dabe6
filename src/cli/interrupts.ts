import type { Interrupts } from '../evaluation/run/evaluate.js'

/** Ctrl-C as a command that runs long takes it: the first lets what is running finish, the second ends it, the third is the shell's. */
export function listenForInterrupts({
  onDrain,
  onCancel,
}: {
  onDrain: () => void
  onCancel: () => void
}): Required<Interrupts> & { drain: AbortSignal; stop: () => void } {
  const drain = new AbortController()
  const cancel = new AbortController()
  const onSignal = (): void => {
    if (!drain.signal.aborted) {
      drain.abort()
      onDrain()
    } else {
      // Not within the handler: with the last listener of this program gone, that of execa would take the signal for one that nobody heeds, and raise it anew.
      setImmediate(stop)
      cancel.abort()
      onCancel()
    }
  }
  const stop = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  return { drain: drain.signal, cancel: cancel.signal, stop }
}

/** Say on stderr what a Ctrl-C does. @param parameters.again command that goes on later */
export function listenToFinish({ again }: { again: string }): ReturnType<typeof listenForInterrupts> {
  return listenForInterrupts({
    onDrain: () =>
      console.error(`\nFinishing what is running; Ctrl-C again ends it. To go on later: ${again}`),
    onCancel: () => console.error('\nStopping.'),
  })
}
