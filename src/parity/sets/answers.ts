import { z } from 'zod'
import { areAnswersEquivalent, extractAnswer, verifyAnswerRule } from '../../reward/answers.js'
import { pureParitySet } from '../parity-set.js'

const input = z.object({ solution: z.string().nullable(), ground_truth: z.unknown() })

export const answers = pureParitySet({
  name: 'answers',
  answer: (given) => {
    const { solution, ground_truth: reference } = input.parse(given)
    const judged = (prediction: string | null) => ({
      verify_answer_rule: { value: verifyAnswerRule({ prediction, reference }) },
      are_answers_equivalent: { value: areAnswersEquivalent({ prediction, reference }) },
    })
    const extracted = extractAnswer(solution)
    return {
      extract_answer: { value: extracted },
      ...(extracted === null
        ? { verify_answer_rule: null, are_answers_equivalent: null }
        : judged(extracted)),
      direct: judged(solution),
    }
  },
})
