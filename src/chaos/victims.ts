import { execa } from 'execa'
import { descendants, processTable, type ProcessRow } from './process-table.js'

export const TARGETS = ['worker', 'zygote', 'host', 'container'] as const
export type Target = (typeof TARGETS)[number]

/** The processes of one contained host. */
export interface ContainedHost {
  /** What contains it: the processes of bubblewrap, or the name of a container. */
  container: { pids: readonly number[] } | { name: string; clientPid: number | undefined }
  host: number | undefined
  zygote: number | undefined
  workers: readonly number[]
  started: number
}

export interface FindHostsParameters {
  runtime: string
  /** Process id of their controller. */
  controller: number
  /** Environment of the container engine's client. */
  environment: Readonly<Record<string, string>>
}

/** The hosts that a controller has up, oldest first: the first is at work, the second stands by. */
export async function findHosts(parameters: FindHostsParameters): Promise<ContainedHost[]> {
  const { runtime, controller } = parameters
  const hosts =
    runtime === 'docker' || runtime === 'podman'
      ? await inContainers({ ...parameters, binary: runtime })
      : directly(controller)
  return hosts.sort((a, b) => a.started - b.started)
}

function directly(controller: number): ContainedHost[] {
  const table = processTable()
  return table
    .filter(({ parent, command }) => parent === controller && command.includes('/py_sandbox/bootstrap.py'))
    .map((root) => {
      const below = [root, ...descendants(table, root.pid)]
      const wrappers = below.filter(({ command }) => command.split(' ')[0]?.endsWith('bwrap'))
      return { container: { pids: wrappers.map(({ pid }) => pid) }, ...parts(below) }
    })
}

async function inContainers({
  binary,
  controller,
  environment,
}: FindHostsParameters & { binary: string }): Promise<ContainedHost[]> {
  const run = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await execa(binary, args, { env: { ...environment }, extendEnv: false, reject: false })
    return stdout.split('\n').filter((line) => line !== '')
  }
  const ids = await run('ps', '--quiet', '--no-trunc', '--filter', `label=codevision.sandbox=${controller}`)
  if (ids.length === 0) return []
  const inspected = await run('inspect', '--format', '{{.State.Pid}} {{.Name}}', ...ids)
  const table = processTable()
  return inspected.flatMap((line) => {
    const [pid, path] = line.split(' ')
    const name = path?.replace(/^\//, '')
    const root = table.find((row) => row.pid === Number(pid))
    if (!root || name === undefined) return []
    const client = table.find((row) => row.parent === controller && row.command.includes(name))
    return [
      { container: { name, clientPid: client?.pid }, ...parts([root, ...descendants(table, root.pid)]) },
    ]
  })
}

function parts(rows: readonly ProcessRow[]): Omit<ContainedHost, 'container'> {
  const isWrapper = ({ command }: ProcessRow): boolean => command.split(' ')[0]?.endsWith('bwrap') === true
  const host = rows.find((row) => !isWrapper(row) && row.command.includes('/py_sandbox/bootstrap.py'))
  const zygote = rows.find((row) => row.parent === host?.pid && row.command.includes('/py_sandbox/zygote.py'))
  const workers = rows.filter((row) => zygote !== undefined && row.parent === zygote.pid)
  return {
    host: host?.pid,
    zygote: zygote?.pid,
    workers: workers.map(({ pid }) => pid),
    started: rows[0]?.started ?? 0,
  }
}
