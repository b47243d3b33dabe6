import { readTurnRobust } from '../../agent/robust.js'
import { TOOL_NAME } from '../../agent/tool-description.js'
import type { CodeCall } from '../../core/code-call.js'
import type { Policy } from '../../core/policy.js'
import { uniformStream } from '../../core/uniform-stream.js'
import { spoil, type FailingMistake } from './mistakes.js'
import { callTurn } from './phrases.js'

/** Of the images when the first call is made. */
const IMAGES = 1

/**
 * The same policy, whose first call is spoilt on its way to the sandbox, in one of the ways of its teacher (an unknown name, brackets that are missing, an image that is not there), the same for a task each
 * time: so how it goes on from an error can be seen and counted though it makes none. What the model is told of its own turn is the spoilt call.
 */
export function withSlips(policy: Policy): Policy {
  return {
    name: policy.name,
    model: `${policy.model}, first calls spoilt`,
    ...(policy.account !== undefined && { account: policy.account }),
    ...(policy.visualTokens !== undefined && { visualTokens: (size) => policy.visualTokens?.(size) ?? 0 }),
    check: async (signal) => policy.check?.(signal),
    close: async () => policy.close?.(),
    async next(request) {
      const reply = await policy.next(request)
      if (request.turn > 0) return reply
      const reading = readTurnRobust({ turn: reply, tools: [TOOL_NAME] })
      const thought = /<think>(.*?)<\/think>/s.exec(reply.text)?.[1]
      if (reading.type !== 'call' || thought === undefined) return reply
      const call = { description: '', imageIndex: 0, ...reading.call }
      const mistake = mistakeIn({ call, random: uniformStream(`slip/${request.sample.key}`) })
      return {
        ...reply,
        text: callTurn({ thought, call: spoil({ call, mistake, images: IMAGES }).call }),
        toolCalls: [],
      }
    },
  }
}

/** One that the code of a call can have. */
function mistakeIn({ call: { code }, random }: { call: CodeCall; random: () => number }): FailingMistake {
  const possible: FailingMistake[] = [
    'wrong-index',
    ...(/\bimage\b/.test(code) ? (['missing-name'] as const) : []),
    ...(code.includes('((') ? (['bad-argument'] as const) : []),
  ]
  return possible[Math.floor(random() * possible.length)] ?? 'wrong-index'
}
