import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all below it hold. */
export interface TreeUse {
  processes: number
  /** Proportional share of memory in bytes: pages of several processes count once. */
  memoryBytes: number
  /** Open descriptors of the process itself. */
  descriptors: number
}

/** Unit of times in /proc on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100
/** utime, stime, cutime and cstime of /proc/PID/stat, counted from the field behind the command. */
const FIRST_TIME = 11

/** Read it from /proc; processes that end meanwhile are left out. */
export function treeUse({ root = process.pid }: { root?: number } = {}): TreeUse {
  const pids = [root, ...descendants(root)]
  const memory = pids.map(memoryOf).filter((bytes) => bytes !== undefined)
  return {
    processes: memory.length,
    memoryBytes: memory.reduce((sum, bytes) => sum + bytes, 0),
    descriptors: readdirSync(`/proc/${root}/fd`).length,
  }
}

/** Processor time in seconds of all processes below this one, those included that have ended and were waited for. */
export function processorSecondsBelow(): number {
  const ticks = descendants(process.pid).map((pid) => {
    const stat = read(`/proc/${pid}/stat`)
    const [user = 0, system = 0, waitedUser = 0, waitedSystem = 0] =
      stat === undefined
        ? []
        : fieldsOf(stat)
            .slice(FIRST_TIME, FIRST_TIME + 4)
            .map(Number)
    return user + system + waitedUser + waitedSystem
  })
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND
}

function descendants(root: number): number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = read(`/proc/${name}/stat`)
    const parent = stat === undefined ? undefined : fieldsOf(stat)[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const found: number[] = []
  for (let level = [root]; level.length > 0;) {
    level = [...parents].filter(([, parent]) => level.includes(parent)).map(([pid]) => pid)
    found.push(...level)
  }
  return found
}

/** Those behind the command, which stands in brackets and may hold anything. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

function memoryOf(pid: number): number | undefined {
  const rollup = read(`/proc/${pid}/smaps_rollup`)
  if (rollup !== undefined) return kilobytes(rollup, 'Pss')
  // Contained processes show it to root alone; what is shared then counts more than once.
  const status = read(`/proc/${pid}/status`)
  return status === undefined ? undefined : kilobytes(status, 'VmRSS')
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
