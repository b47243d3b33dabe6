import type { Box } from '../../core/transform.js'
import { unionOf } from './boxes.js'
import { runsOf, textOfLine, type Page, type PageLine, type PageWord } from './page.js'
import type { AnswerKind } from './parse-question.js'

/** A piece of a page that has the form of an answer. */
export interface AnswerToken {
  text: string
  box: Box
  /** Of the least certain word in it, 0 to 100. */
  confidence: number
  line: PageLine
}

/** The form of an answer inside the text of one word, or of two that OCR took apart. */
const PATTERNS: Readonly<Record<Exclude<AnswerKind, 'text' | 'count' | 'direction' | 'appearance'>, RegExp>> =
  {
    amount: /(?<![\d.,])\d{1,6}[.,]\d{2}(?!\d)/,
    year: /(?<!\d)(?:1\d|20)\d{2}(?:[-–]\d{2,4})?(?!\d)/,
    number: /[\p{L}+]*\d[\p{L}\d.,:/-]*/u,
    code: /(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9][A-Z0-9-]{2,}/,
  }

/** Everything in a page that has the form of an answer of this kind, in reading order; of kind `text` every run of words. */
export function findTokens({ page, kind }: { page: Page; kind: AnswerKind }): AnswerToken[] {
  return page.lines.flatMap((line) =>
    runsOf(line).flatMap((run) => {
      switch (kind) {
        case 'amount':
        case 'year':
        case 'number':
        case 'code':
          return matchRun({ run, line, pattern: PATTERNS[kind] })
        case 'text':
        case 'count':
        case 'direction':
        case 'appearance':
          return [toToken({ words: run.words, line, text: textOfLine(run) })]
      }
    }),
  )
}

/** A token of these words as they stand. */
export function toToken({
  words,
  line,
  text,
}: {
  words: readonly PageWord[]
  line: PageLine
  text: string
}): AnswerToken {
  return {
    text: trimAnswer(text),
    box: unionOf(words.map((word) => word.box)),
    confidence: Math.min(100, ...words.map((word) => word.confidence)),
    line,
  }
}

/** Punctuation that surrounds an answer rather than being part of it is cut off; a full stop of an abbreviation stays. */
export function trimAnswer(text: string): string {
  const trimmed = text
    .trim()
    .replace(/^[^\p{L}\p{N}$€£+]+/u, '')
    .replace(/[\s"'“”‘’|:;,_~=[\](){}<>–—-]+$/u, '')
  return /\d\.$/.test(trimmed) ? trimmed.slice(0, -1) : trimmed
}

function matchRun({ run, line, pattern }: { run: PageLine; line: PageLine; pattern: RegExp }): AnswerToken[] {
  const tokens: AnswerToken[] = []
  const { words } = run
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    const next = words[index + 1]
    if (!word) continue
    const alone = pattern.exec(word.text)
    const joined = !alone && next && !pattern.test(next.text) ? pattern.exec(word.text + next.text) : null
    if (alone) tokens.push(toToken({ words: [word], line, text: alone[0] }))
    else if (joined && next) tokens.push(toToken({ words: [word, next], line, text: joined[0] }))
  }
  return tokens
}
