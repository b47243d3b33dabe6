import { z } from 'zod'
import { parseHermes } from '../../agent/hermes.js'
import { pureParitySet } from '../parity-set.js'

const input = z.object({ text: z.string() })

export const toolCallParse = pureParitySet({
  name: 'tool_call_parse',
  answer: (given) => {
    const { content, calls } = parseHermes(input.parse(given).text)
    return { content, function_calls: calls }
  },
})
