import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../../setup/package-paths.js'
import type { RuntimeChoice } from '../../wiring.js'
import { fileOfItsOwn } from '../file-of-its-own.js'
import type { NoiseImages } from '../noise-image.js'

export interface RunningService {
  url: string
  pid: number
  stop(): Promise<void>
}

/** Rows, so that few episodes are open over the same file, whose pixels they would share. */
const ROWS = 256

/** `codevision serve env` in a process of its own, over tasks with one noisy picture each. */
export async function startService({
  images,
  size,
  runtime,
}: {
  images: NoiseImages
  size: number
  runtime: RuntimeChoice
}): Promise<RunningService> {
  const { png } = await images.get(size)
  const data = join(images.folder, `rows-${size}.jsonl`)
  const rows = Array.from({ length: ROWS }, (_, number) => ({
    id: `row-${number}`,
    question: `Which number is ${number}?`,
    answer: String(number),
    image: { bytes: fileOfItsOwn({ png, number }).toString('base64') },
  }))
  await writeFile(data, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  const program = join(packageDirectory(), 'dist', 'cli', 'main.js')
  const chosen = typeof runtime === 'string' ? ['--runtime', runtime] : ['--sandbox-socket', runtime.socket]
  const options = ['--data', data, '--port', '0', '--queue', '4096', '--log-level', 'error', ...chosen]
  const child = spawn(process.execPath, [program, 'serve', 'env', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exit = once(child, 'exit')
  let text = ''
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  for (;;) {
    const url = /on (http:\/\/\S+)/.exec(text)?.[1]
    if (url !== undefined && child.pid !== undefined)
      return {
        url,
        pid: child.pid,
        stop: async () => {
          child.kill('SIGTERM')
          await exit
        },
      }
    if (child.exitCode !== null) throw new Error(`codevision serve env ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
