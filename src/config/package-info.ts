import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { errorCode } from '../core/error-code.js'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Version of this package. */
export async function packageVersion(): Promise<string> {
  const text = await readFile(join(ROOT, 'package.json'), 'utf8')
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version
}

/** Commit of the checkout that this code runs from; null where it is no checkout, as in an installed package. */
export async function gitRevision(root: string = ROOT): Promise<string | null> {
  const head = await readOptional(join(root, '.git', 'HEAD'))
  const name = head === null ? null : /^ref: (.+)$/m.exec(head)?.[1]
  if (name === undefined || name === null) return head?.trim() ?? null
  const loose = await readOptional(join(root, '.git', ...name.split('/')))
  if (loose !== null) return loose.trim()
  const packed = (await readOptional(join(root, '.git', 'packed-refs'))) ?? ''
  return (
    packed
      .split('\n')
      .find((line) => line.endsWith(` ${name}`))
      ?.split(' ')[0] ?? null
  )
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) return null
    throw error
  }
}
