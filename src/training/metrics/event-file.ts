import { appendFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../../config/make-folder.js'
import { StoreError } from '../../core/errors.js'
import { eventMessage, type EventContent } from './event-message.js'
import { tfRecord } from './tf-record.js'

/** A file of one session that TensorBoard reads: `tensorboard --logdir runs`. */
export interface EventFile {
  readonly path: string
  add(event: { step: number; scalars: Readonly<Record<string, number>> }): Promise<void>
}

/**
 * Begin a file in a folder. Where a session goes on after a step, what an earlier one wrote beyond it is void.
 * @param parameters.now milliseconds since 1970
 * @throws StoreError when it cannot be written.
 */
export async function openEventFile({
  folder,
  step,
  now = Date.now,
}: {
  folder: string
  /** Steps that count of what earlier sessions took; null: there was none. */
  step: number | null
  now?: () => number
}): Promise<EventFile> {
  await makeFolder(folder)
  const seconds = Math.floor(now() / 1000)
  const name = `events.out.tfevents.${String(seconds).padStart(10, '0')}.${hostname()}.${process.pid}.${now()}`
  const path = join(folder, name)
  const write = async (at: number, ...contents: readonly EventContent[]): Promise<void> => {
    const wallTime = now() / 1000
    const records = contents.map((content) => tfRecord(eventMessage({ wallTime, step: at, content })))
    await appendFile(path, Buffer.concat(records)).catch((cause: unknown) => {
      throw new StoreError(
        `${path} could not be written: ${String(cause)}; free space or permissions, then resume the run`,
        { cause },
      )
    })
  }
  await write(0, { kind: 'file-version' })
  // TensorBoard drops what it knows of this step and later ones.
  if (step !== null) await write(step === 0 ? 0 : step + 1, { kind: 'session-start' })
  return { path, add: ({ step: at, scalars }) => write(at, { kind: 'scalars', scalars }) }
}
