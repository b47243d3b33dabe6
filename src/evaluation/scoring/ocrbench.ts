import { pythonLower } from '../../core/python/case.js'
import { PythonError } from '../../core/python/error.js'
import type { PythonJson } from '../../core/python/json.js'
import { pythonStr } from '../../core/python/repr.js'
import { pythonIncludes, pythonStrip } from '../../core/python/text.js'
import type { BenchmarkProfile } from '../../core/scoring-profile.js'

export interface OcrbenchParameters {
  profile: BenchmarkProfile
  prediction: PythonJson
  /** Accepted answers: a list, or one text. */
  answers: PythonJson
  /** Data set that the row is drawn from (`HME100k` holds the formulas); null: not told, its type of question says it too. */
  datasetName: string | null
  /** Type of question. */
  category: string
}

/** `hit` 0 or 1, and the rule that was applied; `skipped`: the row is left out of the official sum. */
export type OcrbenchScore = { hit: 0 | 1; rule: 'contains' | 'contains-formula' } | { skipped: true }

const FORMULA_DATASET = 'HME100k'
const FORMULAS = 'Handwritten Mathematical Expression Recognition'
const CATEGORIES: ReadonlySet<string> = new Set([
  'Regular Text Recognition',
  'Irregular Text Recognition',
  'Artistic Text Recognition',
  'Handwriting Recognition',
  'Digit String Recognition',
  'Non-Semantic Text Recognition',
  'Scene Text-centric VQA',
  'Doc-oriented VQA',
  'Key Information Extraction',
  FORMULAS,
])

/**
 * Whether an accepted answer is part of the prediction: both in small letters, stripped, on one line; formulas keep their case and lose
 * their blanks. `official`: MultimodalOCR, OCRBench/example.py; `vlmevalkit`: image_vqa.py, class OCRBench; `lmms_eval`: tasks/ocrbench.
 * @throws PythonError where the reference raises.
 */
export function scoreOcrbench({
  profile,
  prediction,
  answers,
  datasetName,
  category,
}: OcrbenchParameters): OcrbenchScore {
  if (profile === 'official' && isZero(prediction)) return { skipped: true }
  const isFormula =
    profile === 'vlmevalkit' || datasetName === null ? category === FORMULAS : datasetName === FORMULA_DATASET
  const given = profile === 'vlmevalkit' ? pythonStr(prediction) : prediction
  // Read where it is first needed: without answers, the official code never looks at it.
  const read = (): string => textOf(given)
  if (profile === 'lmms_eval') read()
  const normalize = (value: PythonJson): string => {
    if (isFormula) return formula(textOf(value))
    return line(profile === 'lmms_eval' ? halfWidth(value) : textOf(value))
  }
  let hit = false
  for (const answer of accepted({ profile, answers })) {
    const part = normalize(answer)
    const isIn = pythonIncludes({
      text: normalize(profile === 'lmms_eval' ? pythonStrip(read()) : read()),
      part,
    })
    hit ||= isIn
    // VLMEvalKit looks no further, and counts by category only what it hits.
    if (!isIn || profile !== 'vlmevalkit') continue
    if (!CATEGORIES.has(category)) throw new PythonError('KeyError', `${category} is no type of question`)
    break
  }
  return { hit: hit ? 1 : 0, rule: isFormula ? 'contains-formula' : 'contains' }
}

/** A lone text counts as one answer; VLMEvalKit takes each of its characters for one. */
function accepted({
  profile,
  answers,
}: Pick<OcrbenchParameters, 'profile' | 'answers'>): readonly PythonJson[] {
  if (Array.isArray(answers)) return answers
  if (profile !== 'vlmevalkit') return [answers]
  if (typeof answers === 'string') return Array.from(answers)
  if (answers instanceof Map && answers.size === 0) return []
  if (answers instanceof Map) throw new PythonError('KeyError', '0')
  throw new PythonError('TypeError', 'the answers have no length')
}

/** Without blanks; line breaks, of which none is left, stand between the characters, so that halves of a surrogate pair do not meet. */
function formula(text: string): string {
  const characters = Array.from(pythonStrip(text)).filter(
    (character) => character !== '\n' && character !== ' ',
  )
  return characters.join('\n')
}

function line(text: string): string {
  return pythonStrip(pythonLower(text)).replaceAll('\n', ' ')
}

/** Letters, digits and marks of full width as ASCII, as lmms-eval reads them; nothing else is folded. */
function halfWidth(value: PythonJson): string {
  const characters = value instanceof Map ? [...value.keys()] : sequenceOf(value)
  if (!characters.every((one) => typeof one === 'string' && Array.from(one).length === 1))
    throw new PythonError('TypeError', 'the value is no sequence of characters')
  return characters
    .join('')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
}

function sequenceOf(value: PythonJson): PythonJson[] {
  if (typeof value === 'string' || Array.isArray(value)) return Array.from(value)
  throw new PythonError('TypeError', 'the value is no sequence of characters')
}

function textOf(value: PythonJson): string {
  if (typeof value === 'string') return value
  throw new PythonError('AttributeError', 'the value is no text')
}

function isZero(value: PythonJson): boolean {
  return value === 0 || value === 0n || value === false
}
