import { PYTHON_SPACE, PYTHON_WORD, pythonStrip } from '../core/python/text.js'

/** `codevision` as the released recipe reads a judge's reply (it takes "0/1" for 1); `exact`: a 0 or 1 alone. */
export type JudgeReading = 'codevision' | 'exact'

/** Kinds of task that have a wording of their own. */
export type JudgeTaskType = 'ocr' | 'math' | 'code' | 'general'

const PREFIXES = ['judgment:', 'judgement:', 'verdict:', 'answer:', 'response:']
const RIGHT: ReadonlySet<string> = new Set(['1', '1.0', 'yes', 'correct', 'true', 'right'])
const WRONG: ReadonlySet<string> = new Set(['0', '0.0', 'no', 'incorrect', 'false', 'wrong'])

/** A digit alone ends before anything but a word character or a decimal point. */
const END = `(?![${PYTHON_WORD}.])`
const PATTERNS = [
  new RegExp(`(?<![${PYTHON_WORD}])(1)${END}`, 'u'),
  new RegExp(`(?<![${PYTHON_WORD}])(0)${END}`, 'u'),
  new RegExp(`score[:${PYTHON_SPACE}]*([01])`, 'u'),
  new RegExp(`([01])[${PYTHON_SPACE}]*(?:out of|/)[${PYTHON_SPACE}]*1`, 'u'),
]

/** The reference's words for each kind; compared with lower-cased names, so only the lower-case ones can match. */
const TASK_WORDS: readonly (readonly [JudgeTaskType, readonly string[]])[] = [
  ['ocr', ['ocr', 'optical', 'text_recognition']],
  ['math', ['math', 'mathematics', 'arithmetic', 'algebra', 'geometry', 'calculus']],
  ['code', ['code', 'programming', 'coding', 'algorithm', 'implementation']],
]

/**
 * The score that the released recipe reads from a judge's reply; a reply that it cannot read scores 0 with an error text.
 * Source: `LLMJudgeClient._parse_score`.
 */
export function parseJudgeScore(response: string): { score: 0 | 1; error: string } {
  let text = pythonStrip(response).toLowerCase()
  for (const prefix of PREFIXES) {
    if (text.startsWith(prefix)) text = pythonStrip(text.slice(prefix.length))
  }
  if (RIGHT.has(text)) return { score: 1, error: '' }
  if (WRONG.has(text)) return { score: 0, error: '' }
  for (const pattern of PATTERNS) {
    const digit = pattern.exec(text)?.[1]
    if (digit !== undefined) return { score: digit === '1' ? 1 : 0, error: '' }
  }
  return { score: 0, error: `Failed to parse score from: ${text}` }
}

/**
 * Whether a judge's reply calls the answer right. Reading `exact` answers null for anything but a 0 or 1 alone; reading `codevision` counts what it cannot read as wrong, as the reference does.
 */
export function readJudgeReply({
  response,
  reading = 'exact',
}: {
  response: string
  reading?: JudgeReading
}): boolean | null {
  if (reading === 'codevision') return parseJudgeScore(response).score === 1
  const verdict = /^\s*([01])\s*$/.exec(response)?.[1]
  return verdict === undefined ? null : verdict === '1'
}

/** The kind of task that a data set's name stands for, as the reference tells it: the first kind of which a word occurs in the name. */
export function judgeTaskType(task: string): JudgeTaskType {
  const name = task.toLowerCase()
  const found = TASK_WORDS.find(([, words]) => words.some((word) => name.includes(word)))
  return found?.[0] ?? 'general'
}
