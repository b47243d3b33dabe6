import type { ConformanceAnswer, ConformanceClient } from './conformance-client.js'
import { objectsIn } from './observed.js'

/** Names the session of a rollout. */
export const COOKIE = 'codevision_session'
/** The route of the one tool; its name behind the slash. */
export const TOOL = '/code_image_tool'

/** Rollouts as an agent of NeMo-Gym has them, one after the other; the cookie is the last one's. */
export class NemoRollout {
  private readonly client: ConformanceClient
  private readonly sessions = new Set<string>()
  private cookie = ''

  constructor(client: ConformanceClient) {
    this.client = client
  }

  /** @param row columns of it; the first task, where they name none */
  async seed(row: object = {}): Promise<ConformanceAnswer> {
    const answer = await this.client.ask('POST', '/seed_session', { ...PARAMS, task: 0, ...row })
    this.cookie = cookieIn(answer)
    const [, id = ''] = this.cookie.split('=')
    if (id !== '') this.sessions.add(id)
    return answer
  }

  async ask(path: string, body: object): Promise<ConformanceAnswer> {
    return this.client.ask('POST', path, body, { cookie: this.cookie })
  }

  /** End the rollout with what was written in it. @param row its columns, which come along */
  async verify(output: readonly object[], row: object = {}): Promise<ConformanceAnswer> {
    return this.ask('/verify', { ...PARAMS, ...row, response: { output } })
  }

  /** End the sessions of all of them. */
  async close(): Promise<void> {
    for (const id of this.sessions) await this.client.ask('DELETE', `/v1/sessions/${id}`)
  }
}

/** In every row; the service has the prompt itself. */
const PARAMS = { responses_create_params: { input: [] } }

/** The session's cookie in an answer; empty where it sets none. */
export function cookieIn({ headers }: ConformanceAnswer): string {
  const set = headers.getSetCookie().find((one) => one.startsWith(`${COOKIE}=`))
  return set?.split(';')[0] ?? ''
}

/** What the tool has answered, as text. */
export function textIn({ json: { output } }: ConformanceAnswer): string {
  if (typeof output === 'string') return output
  return objectsIn(output)
    .map(({ text }) => (typeof text === 'string' ? text : ''))
    .join('')
}

/** A text of the model, as the Responses API has it. */
export function message(text: string): object {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }
}
