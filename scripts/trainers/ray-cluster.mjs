import { randomUUID } from 'node:crypto'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** In the environment of every process of a cluster, those that its jobs begin included. */
const MARK = 'CODEVISION_RAY_CLUSTER'

/** A cluster of several nodes on this machine, each with processes of its own. Nodes are named; `resources` by name; `folder`: programs that this node has beside the others'. */
export async function startRayCluster({ python, nodes, env = {} }) {
  const mark = randomUUID()
  const token = randomUUID()
  const names = Object.keys(nodes)
  const [port, dashboard, ...agents] = await freePorts(2 + names.length)
  // Short: sockets lie in it.
  const folder = mkdtempSync('/tmp/cvray-')
  const logs = []
  let failure = null

  const start = (name, { cpus, resources = {}, folder: own, isHead = false }) => {
    const args = [
      'start',
      '--block',
      ...[
        '--node-ip-address',
        '127.0.0.1',
        '--num-cpus',
        String(cpus),
        '--num-gpus',
        '0',
        '--object-store-memory',
        '80000000',
      ],
      ...['--resources', JSON.stringify({ ...resources, [name]: 1 }), '--disable-usage-stats'],
      // Its default is the same for all, and whoever takes it first has it.
      ...['--dashboard-agent-listen-port', String(agents[names.indexOf(name)])],
      ...(isHead
        ? ['--head', '--port', String(port), '--include-dashboard', 'true']
        : ['--address', `127.0.0.1:${port}`]),
      // As on machines of their own: in one folder, a node clears away the packages of the others.
      ...['--temp-dir', join(folder, name)],
      ...(isHead ? ['--dashboard-host', '127.0.0.1', '--dashboard-port', String(dashboard)] : []),
    ]
    const child = spawn(join(dirname(python), 'ray'), args, {
      env: {
        ...process.env,
        PATH: [dirname(python), ...(own === undefined ? [] : [own]), process.env.PATH].join(':'),
        ...{ [MARK]: `${mark} ${name}`, RAY_DEDUP_LOGS: '0' },
        ...{ RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: token },
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => logs.push(String(data)))
    child.on('error', (error) => (failure = error))
  }
  const address = `http://127.0.0.1:${dashboard}`
  const live = async () => {
    try {
      const answer = await fetch(`${address}/api/v0/nodes?detail=true`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const { data } = await answer.json()
      return data.result.result.filter(({ state }) => state === 'ALIVE').length
    } catch {
      return 0 // not there yet
    }
  }
  const until = async (count) => {
    for (let waited = 0; (await live()) < count; waited += 1) {
      if (failure !== null) throw failure
      if (waited > 180) throw new Error(`the cluster did not start:\n${logs.join('').slice(-3000)}`)
      await sleep(1_000)
    }
  }
  /** Processes of a node, of all where none is named: number and command. */
  const processes = (name = '') =>
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((pid) => {
        try {
          const isOurs = readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${MARK}=${mark} ${name}`)
          return isOurs ? [{ pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8') }] : []
        } catch {
          return [] // gone meanwhile
        }
      })
  const kill = (pids, signal = 'SIGKILL') => {
    for (const pid of pids) {
      try {
        process.kill(pid, signal)
      } catch {
        // gone meanwhile
      }
    }
  }

  /** All processes, and what they wrote; those that they begin meanwhile too. */
  const stop = async () => {
    for (let round = 0; round < 20 && processes().length > 0; round += 1) {
      kill(processes().map(({ pid }) => pid))
      await sleep(250)
    }
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    const [[head, first], ...others] = Object.entries(nodes)
    start(head, { ...first, isHead: true })
    await until(1)
    // One after the other: at the same moment two may choose the same ports.
    for (const [at, [name, node]] of others.entries()) {
      start(name, node)
      await until(2 + at)
    }
  } catch (error) {
    await stop()
    throw error
  }

  return {
    address,
    /** Wanted of whoever asks its dashboard. */
    token,
    processes,
    /** All processes of a node at once, as when its power is cut. */
    killNode: (name) => kill(processes(name).map(({ pid }) => pid)),
    /** Its raylet alone: what ran there must notice by itself. */
    killRaylet: (name) =>
      kill(
        processes(name)
          .filter(({ command }) => /raylet\/raylet/.test(command.split('\0')[0]))
          .map(({ pid }) => pid),
      ),
    stop,
  }
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve) => {
          const server = createServer()
          server.listen(0, '127.0.0.1', () => resolve(server))
        }),
    ),
  )
  const ports = servers.map((server) => server.address().port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
