import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessRow {
  pid: number
  parent: number
  /** Clock ticks since boot at which it started; with the pid it names a process for good. */
  started: number
  command: string
}

/** Every process of this machine that can be seen, from /proc; those that end meanwhile are left out, and zombies too. */
export function processTable(): ProcessRow[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
        // The name in parentheses may hold anything; the fields begin behind the last one.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        if (fields[0] === 'Z' || fields[0] === 'X') return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return [{ pid: Number(name), parent: Number(fields[1]), started: Number(fields[19]), command }]
      } catch {
        return []
      }
    })
}

/** All processes below one, nearest first. */
export function descendants(table: readonly ProcessRow[], root: number): ProcessRow[] {
  const found: ProcessRow[] = []
  for (let parents = [root]; parents.length > 0;) {
    const children = table.filter(({ parent }) => parents.includes(parent))
    found.push(...children)
    parents = children.map(({ pid }) => pid)
  }
  return found
}

/** Whether the process of a row still runs, and is not another one that got its number. */
export function isRunning(row: ProcessRow): boolean {
  return processTable().some(({ pid, started }) => pid === row.pid && started === row.started)
}
