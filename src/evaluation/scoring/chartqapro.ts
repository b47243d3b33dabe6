import { pythonLower, pythonUpper } from '../../core/python/case.js'
import { PythonError } from '../../core/python/error.js'
import type { PythonJson } from '../../core/python/json.js'
import { parsePythonFloat } from '../../core/python/number.js'
import { pythonStr } from '../../core/python/repr.js'
import { pythonStrip, pythonStripCharacters } from '../../core/python/text.js'
import type { BenchmarkProfile } from '../../core/scoring-profile.js'
import { anls } from './anls.js'
import { listItems, repairedList } from './chartqapro-list.js'

export interface ChartqaproParameters {
  profile: BenchmarkProfile
  /** As the data set has them: answers of all turns (the last counts), kind of question, a flag for each answer. */
  answer: PythonJson
  questionType: PythonJson
  year: PythonJson
  prediction: PythonJson
}

/** `list`: the mean over the positions of a list; else the one rule that compared the answers. */
export interface ChartqaproScore {
  /** From 0 to 1. */
  value: number
  rule: 'exact' | 'number' | 'anls' | 'list'
}

type ItemScore = { value: number; rule: 'exact' | 'number' | 'anls' }

const EXACT_TYPES: ReadonlySet<PythonJson> = new Set(['Fact Checking', 'Multi Choice'])
const TOLERANCE = 0.05

/**
 * Score one answer: lists position by position, years by equality, numbers within 5 %, other texts by ANLS. `official`: ChartQAPro,
 * evaluate_predictions.py; `vlmevalkit`: dataset/utils/chartqapro.py; `lmms_eval`: tasks/chartqapro, which holds types Fact Checking and Multi
 * Choice to equality, as the others intend but do not do.
 * @throws PythonError where the reference raises.
 */
export function scoreChartqapro(parameters: ChartqaproParameters): ChartqaproScore {
  const { profile, questionType } = parameters
  const { target, prediction, flags } =
    profile === 'lmms_eval' ? lmmsEvalRow(parameters) : officialRow(parameters)
  const isExact = profile === 'lmms_eval' && EXACT_TYPES.has(questionType)

  const wanted = listItems(repairedList(target)) ?? [target]
  const given = listItems(prediction) ?? [prediction]
  const flagAt = flags(wanted.length)
  const scores: ItemScore[] = []
  for (const [index, item] of wanted.entries()) {
    const other = given[index]
    if (other === undefined) break
    scores.push(flagAt(index) || isExact ? exact(item, other) : relaxed(item, other))
  }
  const positions = Math.max(wanted.length, given.length)
  const [only] = scores
  if (positions === 1 && only !== undefined) return only
  return { value: scores.reduce((sum, { value }) => sum + value, 0) / positions, rule: 'list' }
}

/** A row ready to be compared; `flags(n)(i)`: whether position i of n wanted ones holds a year. */
interface Row {
  target: string
  prediction: string
  flags: (wanted: number) => (index: number) => boolean
}

function officialRow({ profile, answer, questionType, year, prediction }: ChartqaproParameters): Row {
  const target = trimmed(textOf(lastOf(answer)))
  const own = trimmed(profile === 'vlmevalkit' ? pythonStr(prediction) : textOf(prediction))
  const all = questionType === 'Conversational' ? sequence(year).slice(-1) : year
  if (Array.isArray(questionType) || questionType instanceof Map)
    throw new PythonError('TypeError', 'the question type is no key')
  const flags: Row['flags'] = (wanted) => {
    if (all instanceof Map && all.size >= wanted) throw new PythonError('KeyError', '0')
    const given = all === null ? null : sequence(all)
    return (index) => {
      if (given === null) throw new PythonError('TypeError', 'the year flags are None')
      const length = given.length < wanted ? given.length * wanted : given.length
      const flag = index < length ? given[index % given.length] : undefined
      if (flag === undefined) throw new PythonError('IndexError', 'there is no year flag for the position')
      return pythonUpper(textOf(flag)) === 'YES'
    }
  }
  return { target, prediction: own, flags }
}

function lmmsEvalRow({ answer, questionType, year, prediction }: ChartqaproParameters): Row {
  const own = trimmed(pythonStrip(isFalsy(prediction) ? '' : textOf(prediction)))
  const target = trimmed(pythonStrip(pythonStr(lastOf(Array.isArray(answer) ? answer : [answer]))))
  const all = isFalsy(year) ? [] : Array.isArray(year) ? year : [year]
  const given = questionType === 'Conversational' ? all.slice(-1) : all
  if (Array.isArray(questionType) || questionType instanceof Map)
    throw new PythonError('TypeError', 'the question type is no key')
  const flags: Row['flags'] = (wanted) => (index) => {
    const length = given.length < wanted ? given.length * wanted : given.length
    const flag = index < length ? given[index % given.length] : 'NO'
    return typeof flag === 'string' && pythonUpper(flag) === 'YES'
  }
  return { target, prediction: own, flags }
}

function exact(wanted: string, given: string): ItemScore {
  const isEqual = pythonLower(pythonStrip(wanted)) === pythonLower(pythonStrip(given))
  return { value: isEqual ? 1 : 0, rule: 'exact' }
}

function relaxed(wanted: string, given: string): ItemScore {
  const [reference, prediction] = [bare(wanted), bare(given)]
  const [target, number] = [toFloat(reference), toFloat(prediction)]
  if (target === null || number === null)
    return {
      value: anls({ prediction: pythonLower(prediction), reference: pythonLower(reference) }),
      rule: 'anls',
    }
  const isClose = target === 0 ? number === 0 : Math.abs(number - target) / Math.abs(target) <= TOLERANCE
  return { value: isClose ? 1 : 0, rule: 'number' }
}

/** Without white space and percent signs around it. */
function bare(text: string): string {
  return pythonStrip(pythonStripCharacters(pythonStrip(text), '%'))
}

function toFloat(text: string): number | null {
  return parsePythonFloat(pythonStripCharacters(pythonStrip(text), '%'))
}

function trimmed(text: string): string {
  return pythonStripCharacters(pythonStripCharacters(text, '.'), '\n')
}

/** `value[-1]`. */
function lastOf(value: PythonJson): PythonJson {
  if (value instanceof Map) throw new PythonError('KeyError', '-1')
  const last = sequence(value).at(-1)
  if (last === undefined) throw new PythonError('IndexError', 'there is no answer')
  return last
}

function sequence(value: PythonJson): PythonJson[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return Array.from(value)
  throw new PythonError('TypeError', 'the value has no positions')
}

function isFalsy(value: PythonJson): boolean {
  return (
    value === null ||
    value === false ||
    value === '' ||
    value === 0 ||
    value === 0n ||
    (Array.isArray(value) && value.length === 0) ||
    (value instanceof Map && value.size === 0)
  )
}

function textOf(value: PythonJson): string {
  if (typeof value === 'string') return value
  throw new PythonError('AttributeError', 'the value is no text')
}
