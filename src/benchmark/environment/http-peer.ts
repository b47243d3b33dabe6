import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import type { Rollout } from './peers.js'

/** An episode of the service over plain HTTP, one connection that is kept; the result comes as the file itself (`Accept: image/png`). */
export function httpRollout({ url, number }: { url: string; number: number }): Rollout {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let session: string | undefined
  let calls = 0
  const ask = async (method: string, path: string, body?: object): Promise<Buffer> => {
    const headers = { accept: 'image/png', ...(body !== undefined && { 'content-type': 'application/json' }) }
    const asked = request(`${url}${path}`, { agent, method, headers })
    asked.end(body === undefined ? undefined : JSON.stringify(body))
    const [message] = (await once(asked, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    message.on('data', (chunk: Buffer) => chunks.push(chunk))
    await once(message, 'end')
    const answer = Buffer.concat(chunks)
    if (message.statusCode === undefined || message.statusCode >= 300) throw new Error(String(answer))
    return answer
  }
  const end = async (): Promise<void> => {
    if (session !== undefined) await ask('DELETE', `/v1/sessions/${session}`)
    session = undefined
  }
  return {
    async begin() {
      await end()
      const opened = await ask('POST', '/v1/sessions', { task: number % 256 })
      session = (JSON.parse(String(opened)) as { session_id: string }).session_id
    },
    async turn(code) {
      calls += 1
      const png = await ask('POST', `/v1/sessions/${session}/execute`, { call_id: `call-${calls}`, code })
      // A call that failed is answered as JSON.
      if (png[0] !== 0x89) throw new Error(`a call failed: ${String(png)}`)
    },
    async close() {
      await end()
      agent.destroy()
    },
  }
}
