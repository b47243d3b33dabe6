import { z } from 'zod'
import { judgeTaskType, parseJudgeScore } from '../../reward/judge-reading.js'
import { pureParitySet } from '../parity-set.js'

const text = z.union([z.string(), z.unknown().transform(() => null)])
const input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('parse_score'), response: text }),
  z.object({ kind: z.literal('task_type'), task: text }),
])

/** What the reference raises where it is given no text; here the types refuse such a call before it is made. */
const REFUSED = { raises: 'AttributeError' }

export const judgeParse = pureParitySet({
  name: 'judge_parse',
  answer: (given) => {
    const value = input.parse(given)
    if (value.kind === 'parse_score')
      return value.response === null ? REFUSED : parseJudgeScore(value.response)
    return value.task === null ? REFUSED : { task_type: judgeTaskType(value.task) }
  },
})
