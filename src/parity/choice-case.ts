import { pythonStr } from '../core/python/repr.js'
import { inferOption } from '../evaluation/scoring/option-inference.js'
import { field, pythonInput } from './python-case.js'

/** A question with options, and how VLMEvalKit reads the reply without a judge. */
export interface ChoiceCase {
  prediction: string
  options: ReadonlyMap<string, string>
  answer: string
  vlmevalkit: { inferred: string | null; opt: string; hit: 0 | 1 }
}

/** Read a case of the sets `vstar` and `hrbench`. */
export function choiceCase(source: string): ChoiceCase {
  const input = pythonInput(source)
  const prediction = pythonStr(field(input, 'prediction'))
  const choices = field(input, 'choices')
  const written = choices instanceof Map ? [...choices] : []
  // The data frames that hold the options have none where the value is missing.
  const options = new Map(
    written
      .filter(([, text]) => text !== null && !Number.isNaN(text))
      .map(([letter, text]) => [letter, pythonStr(text)] as const),
  )
  const answer = pythonStr(field(input, 'answer'))
  const inferred = inferOption({ profile: 'vlmevalkit', reply: prediction, options })?.letter ?? null
  const opt = inferred ?? 'Z'
  return { prediction, options, answer, vlmevalkit: { inferred, opt, hit: opt === answer ? 1 : 0 } }
}
