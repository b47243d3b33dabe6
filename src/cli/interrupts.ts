import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Interrupts } from '../evaluation/run/evaluate.js'
import { MANIFEST_FILE } from '../store/manifest.js'

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

/**
 * Say on stderr what a Ctrl-C does.
 * @param parameters.again command that goes on later
 * @param parameters.path folder of the run: until it is begun there is nothing to go on with. Absent: it is begun.
 */
export function listenToFinish({
  again,
  path,
}: {
  again: string
  path?: string
}): ReturnType<typeof listenForInterrupts> {
  const isBegun = (): boolean => path === undefined || existsSync(join(path, MANIFEST_FILE))
  return listenForInterrupts({
    onDrain: () =>
      console.error(
        isBegun()
          ? `\nFinishing what is running; Ctrl-C again ends it. To go on later: ${again}`
          : '\nFinishing the checks before the start; Ctrl-C again ends them, and no run is begun.',
      ),
    onCancel: () =>
      console.error(isBegun() ? '\nStopping.' : '\nStopping. No run was begun; the same command begins it.'),
  })
}
