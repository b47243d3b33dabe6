import { randomUUID } from 'node:crypto'
import type { ConformanceAnswer, ConformanceClient } from './conformance-client.js'

/** Code that makes an image of half the size. */
export const HALF = 'result = image.resize((max(1, image.width // 2), max(1, image.height // 2)))'

/** Code that fails in its second line, and what a model is told of it in the words of any profile. */
export const FAILING = 'x = 1\nresult = image.nothing()'
export const NO_ATTRIBUTE = "no attribute 'nothing'"

/** Code that takes a while, without which nothing would have to wait. */
export const SLOW = 'import time\ntime.sleep(0.5)\nresult = image'

/** An episode of plain HTTP whose turns are written beforehand. */
export class ScriptedEpisode {
  readonly id = randomUUID()
  private readonly client: ConformanceClient
  private turns = 0

  constructor(client: ConformanceClient) {
    this.client = client
  }

  /** @param task place of the task; always the same one, so that rewards can be compared */
  async begin(task: number | string = 0): Promise<ConformanceAnswer> {
    return this.client.ask('POST', '/v1/sessions', { id: this.id, task })
  }

  /** A turn as the model writes it. */
  async say(text: string, callId = String(this.turns++)): Promise<ConformanceAnswer> {
    return this.client.ask('POST', `/v1/sessions/${this.id}/step`, { call_id: callId, text })
  }

  /** End an episode whose calls came alone. */
  async finish(body: object): Promise<ConformanceAnswer> {
    return this.client.ask('POST', `/v1/sessions/${this.id}/finish`, body)
  }

  async close(): Promise<ConformanceAnswer> {
    return this.client.ask('DELETE', `/v1/sessions/${this.id}`)
  }
}

/** A turn that calls the tool. */
export function calling(code: string, { description = 'look closer', index = 0 } = {}): string {
  const given = { code, description, image_index: index }
  return `<think>look</think>\n<tool_call>${JSON.stringify({ name: 'code_image_tool', arguments: given })}</tool_call>`
}

/** The last turn. */
export function answering(answer: string): string {
  return `<think>so</think><answer>${answer}</answer>`
}
