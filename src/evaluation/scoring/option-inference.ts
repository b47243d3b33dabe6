import { pythonLower } from '../../core/python/case.js'
import { PYTHON_SPACE, pythonIncludes, pythonLength, pythonSplit } from '../../core/python/text.js'

export interface OptionInferenceParameters {
  /** Which reference's reading of a reply. */
  profile: 'vlmevalkit' | 'lmms_eval'
  reply: string
  /** Letters and texts of the options. */
  options: ReadonlyMap<string, string>
}

export interface InferredOption {
  /** `Z`: the reply declines to answer, or says that none fits. */
  letter: string
  rule: 'refusal' | 'letter' | 'none-of-them' | 'phrase' | 'option-text'
}

const API_FAILURE = 'Failed to obtain answer via API'
const REFUSALS = [
  "Sorry, I can't help with images of people yet.",
  "I can't process this file.",
  "I'm sorry, but without the image provided",
  'Cannot determine the answer',
]
const S = `[${PYTHON_SPACE}]`
/** Case is ignored; beside the pairs that JavaScript knows, Python holds i, ı and İ for the same. */
const PHRASE = new RegExp(`answer${S}+[i\\u0131\\u0130]s${S}+\\**([ABCD])`, 'iu')
/** VLMEvalKit takes a letter among these many last words only. */
const LAST_WORDS = 5

/**
 * Which option a reply names: the only letter among its words, else the only option whose text it holds; null where it can be told in neither
 * way. Source: VLMEvalKit, utils/matching_util.py `can_infer`; lmms-eval, tasks/hrbench `can_infer`.
 */
export function inferOption(parameters: OptionInferenceParameters): InferredOption | null {
  return byLetter(parameters) ?? byText(parameters)
}

function byLetter({ profile, reply, options }: OptionInferenceParameters): InferredOption | null {
  if (reply.includes(API_FAILURE)) return null
  if (REFUSALS.some((refusal) => reply.includes(refusal))) return { letter: 'Z', rule: 'refusal' }
  const words = pythonSplit(reply.replace(/[.()[\],:;!*#{}]/g, ' '))
  const named = [...options.keys()].filter((letter) => words.includes(letter))
  const [only] = named
  if (only !== undefined && named.length === 1) {
    const isLast = words.indexOf(only) > words.length - LAST_WORDS
    if (profile === 'lmms_eval' || isLast) return { letter: only, rule: 'letter' }
  }
  if (named.length === 0 && words.includes('Z')) return { letter: 'Z', rule: 'none-of-them' }
  if (profile === 'lmms_eval') return null
  const letter = PHRASE.exec(reply)?.[1]?.toUpperCase()
  return letter !== undefined && options.has(letter) ? { letter, rule: 'phrase' } : null
}

function byText({ profile, reply, options }: OptionInferenceParameters): InferredOption | null {
  const text = pythonLower(reply)
  const texts = [...options.values()]
  const longest = 2 * texts.reduce((sum, option) => sum + pythonLength(option), 0)
  if (profile === 'vlmevalkit' && pythonLength(text) > longest) return null
  const held = [...options].filter(([, option]) => pythonIncludes({ text, part: pythonLower(option) }))
  const [only] = held
  return only !== undefined && held.length === 1 ? { letter: only[0], rule: 'option-text' } : null
}
