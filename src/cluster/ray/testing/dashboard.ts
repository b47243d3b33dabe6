import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Job, RayNode } from '../ray-answers.js'

/** A fault of one request, the first whose method and path fit. */
export interface Fault {
  on: string
  /** `lost`: done, and the connection is dropped before the answer; `dropped`: not done; else a status. */
  how: 'lost' | 'dropped' | number
}

export interface TestDashboard {
  readonly address: string
  readonly requests: string[]
  readonly jobs: Map<string, Job>
  readonly packages: Map<string, Buffer>
  readonly nodes: RayNode[]
  readonly faults: Fault[]
  /** Whether a job ends when it is told to; that is the default. */
  heedsStop: boolean
  /** What a job has written. */
  readonly logs: Map<string, string>
  /** Connections that follow a log. */
  readonly sockets: Set<WebSocket>
  close(): Promise<void>
}

export const RUNNING: Job = {
  ...{ type: 'SUBMISSION', submission_id: 'mine', job_id: '01000000', status: 'RUNNING' },
  ...{ entrypoint: 'true', message: null, error_type: null, start_time: 1_000, end_time: null },
  ...{ metadata: {}, runtime_env: {}, driver_node_id: 'n1', driver_agent_http_address: 'http://a:1' },
  driver_exit_code: null,
} as const

export const LIVE: RayNode = {
  ...{ node_id: 'n1', node_ip: '10.0.0.1', is_head_node: true, state: 'ALIVE', state_message: null },
  ...{ resources_total: { CPU: 2 }, start_time_ms: 0, end_time_ms: 0 },
}

/** A dashboard on loopback that keeps jobs as Ray's does and has the faults that Ray has when nobody asks for them; what Ray itself answers is tried by `npm run verify:full ray`. */
export async function startDashboard(): Promise<TestDashboard> {
  const state = {
    ...{ requests: [] as string[], faults: [] as Fault[], nodes: [LIVE] as RayNode[] },
    ...{ jobs: new Map<string, Job>(), packages: new Map<string, Buffer>(), logs: new Map<string, string>() },
    sockets: new Set<WebSocket>(),
    heedsStop: true,
  }
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const asked = `${incoming.method} ${incoming.url?.split('?')[0]}`
      state.requests.push(asked)
      const at = state.faults.findIndex(({ on }) => asked.startsWith(on))
      const how = at < 0 ? null : state.faults.splice(at, 1)[0]?.how
      if (typeof how === 'number') return void response.writeHead(how).end('a traceback')
      if (how === 'dropped') return void incoming.socket.destroy()
      const [status, body] = answer(asked, Buffer.concat(chunks))
      if (how === 'lost') return void incoming.socket.destroy()
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  const tails = new WebSocketServer({ server })
  tails.on('connection', (socket, { url = '' }) => {
    state.sockets.add(socket)
    socket.on('close', () => state.sockets.delete(socket))
    const text = state.logs.get(url.split('/')[3] ?? '') ?? ''
    if (text !== '') socket.send(text)
  })

  function answer(asked: string, body: Buffer): [number, unknown] {
    const [, method, path = ''] = /^(\w+) (.*)$/.exec(asked) ?? []
    if (path === '/api/version') return [200, { version: '4', ray_version: '2.60.0' }]
    if (path === '/api/v0/nodes') return [200, { result: true, data: { result: { result: state.nodes } } }]
    const [, name] = /^\/api\/packages\/gcs\/(.*)$/.exec(path) ?? []
    if (name !== undefined) {
      if (method === 'PUT') state.packages.set(name, body)
      return state.packages.has(name) ? [200, ''] : [404, 'does not exist']
    }
    if (method === 'POST' && path === '/api/jobs/') {
      const request = JSON.parse(String(body)) as Job & { submission_id: string }
      if (state.jobs.has(request.submission_id)) return [500, 'already exists']
      state.jobs.set(request.submission_id, { ...RUNNING, ...request })
      return [200, { submission_id: request.submission_id }]
    }
    if (path === '/api/jobs/') return [200, [...state.jobs.values()]]
    const [id = '', action] = path.replace('/api/jobs/', '').split('/')
    const job = state.jobs.get(id)
    if (job === undefined) return [404, `Job ${id} does not exist`]
    if (action === 'stop') {
      if (dashboard.heedsStop) state.jobs.set(id, { ...job, status: 'STOPPED' })
      return [200, { stopped: true }]
    }
    if (action === 'logs') return [200, { logs: state.logs.get(id) ?? '' }]
    return [200, job]
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const dashboard: TestDashboard = {
    ...state,
    address: `http://127.0.0.1:${port}`,
    async close() {
      for (const socket of state.sockets) socket.terminate()
      tails.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return dashboard
}
