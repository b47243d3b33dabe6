import { loadSuite } from '../../../data/load-suite.js'
import { fractionOf } from '../../../data/mvtoolbench-build/digest-order.js'
import { completionBody } from '../../../llm/testing/completion-body.js'
import { startScriptedServer, type ScriptedServer } from '../../../llm/testing/scripted-server.js'

interface ChatBody {
  seed: number
  messages: { role: string; content: string | { type: string; text?: string }[] }[]
}

/** Chances to be right that questions have, by what their text hashes to: some always, some never, most in between. */
export const CHANCES = [0, 0.125, 0.25, 0.5, 0.75, 0.9, 1] as const

export function chanceOf(question: string): number {
  return CHANCES[Math.floor(fractionOf('chance', question) * CHANCES.length)] ?? 0
}

/**
 * A server that solves questions of a data file by chance: in half of the rollouts it turns the image first, and then it is right as often as the question's chance says. The seed of the
 * request decides, so that the same request has the same answer.
 */
export async function startChanceServer({
  rows,
  delayMs = 0,
  isBroken = () => false,
}: {
  rows: readonly string[]
  delayMs?: number
  /** Questions that the server refuses. */
  isBroken?: (question: string) => boolean
}): Promise<ScriptedServer> {
  const answers = new Map<string, string>()
  for (const path of rows) {
    const suite = await loadSuite({ suite: path })
    for await (const { task } of suite.tasks()) answers.set(task.question, task.answers[0] ?? '')
  }
  return startScriptedServer({
    handler({ json }) {
      if (json === undefined) return { body: { object: 'list', data: [] } }
      const { seed, messages } = json as ChatBody
      const said = messages.map(({ content }) =>
        typeof content === 'string' ? content : content.map(({ text = '' }) => text).join(''),
      )
      const question = [...answers.keys()].find((text) => said.some((part) => part.includes(text))) ?? ''
      if (isBroken(question)) return { status: 400, body: { error: { message: 'no such thing' } } }
      const hasTurned = messages.some(({ role }) => role === 'assistant')
      if (!hasTurned && fractionOf('tool', question, String(seed)) < 0.5)
        return { delayMs, body: completionBody({ text: TURN }) }
      const isRight = fractionOf('draw', String(seed)) < chanceOf(question)
      const text = `<think>I see.</think><answer>${isRight ? answers.get(question) : 'no idea'}</answer>`
      return { delayMs, body: completionBody({ text }) }
    },
  })
}

const CALL = JSON.stringify({
  name: 'code_image_tool',
  arguments: { code: 'result = image.rotate(90, expand=True)', description: 'turn', image_index: 0 },
})
const TURN = `<think>I turn it.</think><tool_call>${CALL}</tool_call>`
