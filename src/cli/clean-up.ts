import { createInterface } from 'node:readline/promises'
import { cacheDirectory } from '../config/cache-directory.js'
import { containerEnvironment } from '../config/container-environment.js'
import { memoryFolder } from '../sandbox/abandoned-directories.js'
import { chooseLeftovers } from '../setup/clean/choose-leftovers.js'
import { findLeftovers } from '../setup/clean/find-leftovers.js'
import type { Leftover } from '../setup/clean/leftover.js'

/**
 * List what can be removed, with sizes, and remove it where that is agreed to, or a person at the terminal says so.
 * @returns false where something that was to be removed is still there.
 * @throws UsageError for a name of which there is nothing.
 */
export async function cleanUp({
  names,
  isAgreed,
  cache = cacheDirectory(),
  memory = memoryFolder(),
  print = (line) => console.log(line),
}: {
  names: readonly string[]
  isAgreed: boolean
  cache?: string
  memory?: string
  print?: (line: string) => void
}): Promise<boolean> {
  const find = (): Promise<Leftover[]> =>
    findLeftovers({ cache, memory, environment: containerEnvironment() })
  const chosen = chooseLeftovers({ leftovers: await find(), names })
  let removable = chosen.filter(({ usedBy }) => usedBy === null)
  const width = Math.max(0, ...chosen.map(({ name }) => name.length))
  for (const { name, what, bytes, usedBy } of chosen)
    print(
      `${size(bytes).padStart(9)}  ${name.padEnd(width)}  ${usedBy === null ? what : `kept: ${usedBy} may use it`}`,
    )
  if (removable.length === 0) {
    print('Nothing to remove.')
    return true
  }
  print(`${size(sum(removable))} can be removed.`)
  if (!isAgreed) {
    if (!(await isSaidYes())) {
      print('Nothing was removed; --yes removes it.')
      return true
    }
    // While the question stood, a process may have begun to use some of it.
    const agreed = new Set(removable.map(({ name }) => name))
    removable = (await find()).filter(({ name, usedBy }) => agreed.has(name) && usedBy === null)
  }
  const removed: Leftover[] = []
  for (const leftover of removable) {
    try {
      await leftover.remove()
      removed.push(leftover)
    } catch (cause) {
      console.error(`${leftover.name} could not be removed: ${String(cause)}`)
    }
  }
  print(`Removed ${removed.length} of ${removable.length}: ${size(sum(removed))} freed.`)
  return removed.length === removable.length
}

async function isSaidYes(): Promise<boolean> {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test((await terminal.question('Remove it? [y/N] ')).trim())
  } finally {
    terminal.close()
  }
}

function sum(leftovers: readonly Leftover[]): number {
  return leftovers.reduce((total, { bytes }) => total + bytes, 0)
}

function size(bytes: number): string {
  const [unit, divisor] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3]
  return `${(bytes / divisor).toFixed(1)} ${unit}`
}
