import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startServiceProcess, type ServiceProcess } from '../../services/start-service-process.js'
import type { RuntimeChoice } from '../../wiring.js'
import { fileOfItsOwn } from '../file-of-its-own.js'

/** Rows, so that few episodes are open over the same file, whose pixels they would share. */
const ROWS = 256

/** `codevision serve env` in a process of its own, over tasks with one picture each. */
export async function startService({
  folder,
  png,
  runtime,
}: {
  /** Where its tasks are written. */
  folder: string
  png: Buffer
  runtime: RuntimeChoice
}): Promise<ServiceProcess> {
  const data = join(folder, 'rows.jsonl')
  const rows = Array.from({ length: ROWS }, (_, number) => ({
    id: `row-${number}`,
    question: `Which number is ${number}?`,
    answer: String(number),
    image: { bytes: fileOfItsOwn({ png, number }).toString('base64') },
  }))
  await writeFile(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const chosen = typeof runtime === 'string' ? ['--runtime', runtime] : ['--sandbox-socket', runtime.socket]
  const options = ['--data', data, '--queue', '4096', '--log-level', 'error', ...chosen]
  return startServiceProcess({ kind: 'env', options })
}
