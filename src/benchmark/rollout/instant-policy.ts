import type { Policy } from '../../core/policy.js'

/** The code of every call: what a model writes to look closer. */
export const CODE = 'w, h = image.size\nresult = image.crop((w // 8, h // 8, w, h)).resize((w, h))'

const THOUGHT =
  'The print in the lower half is too small to be read in this copy. I crop it out of the full image and enlarge it. '.repeat(
    4,
  )

/** What the policies say, in Python too: calls in all turns but the last, which answers. */
export function textOfTurn({ turn, turns }: { turn: number; turns: number }): string {
  if (turn === turns - 1) return `<think>${THOUGHT}</think>\n<answer>42</answer>`
  const call = {
    name: 'code_image_tool',
    arguments: { code: CODE, description: 'enlarge', image_index: 0 },
  }
  return `<think>${THOUGHT}</think>\n<tool_call>${JSON.stringify(call)}</tool_call>`
}

/** A policy that answers at once. */
export function instantPolicy({ turns }: { turns: number }): Policy {
  return {
    name: 'instant',
    model: 'none',
    next: ({ turn }) =>
      Promise.resolve({
        text: textOfTurn({ turn, turns }),
        toolCalls: [],
        finishReason: 'stop',
        usage: { promptTokens: 1_000, completionTokens: 100 },
      }),
  }
}
