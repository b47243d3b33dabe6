/** What form the answer has. */
export type AnswerKind = 'amount' | 'year' | 'number' | 'code' | 'count' | 'direction' | 'appearance' | 'text'

/** What a question asks for, and by which words of the image it can be found. */
export interface QuestionPlan {
  kind: AnswerKind
  /** Where the answer stands as seen from the anchor. */
  relation: 'beside' | 'below' | 'above'
  /** Texts that should stand in the image near the answer, the most telling first. */
  anchors: readonly string[]
  /** Which of several places with the anchor is meant, from 0; -1: the last; null: the question does not say. */
  occurrence: number | null
  /** Heading of the column that is asked for, where the question names one. */
  column: string | null
  /** Further words of the question, for lines that no anchor is found in. */
  keywords: readonly string[]
}

const KINDS: readonly (readonly [AnswerKind, RegExp])[] = [
  ['count', /\bhow many\b/],
  ['appearance', /\b(colou?rs?|pattern|shape)\b/],
  ['direction', /\bdirection\b|\bleft or\b.*\bright\b/],
  ['amount', /\b(amount|price|costs?|how much|total|sum)\b/],
  ['year', /\b(years?|when)\b/],
  ['code', /\bcodes?\b/],
  ['number', /\b(numbers?|level|floor|distance|how far|size|room|gate)\b/],
]

const ORDINALS: Readonly<Record<string, number>> = { first: 0, second: 1, third: 2, fourth: 3, last: -1 }

const FUNCTION_WORDS = new Set(
  (
    'a an the this that these those is are was were be been do does did what which who whom whose where when why how many much ' +
    'of on in at to for from by with without and or not next near under below above beneath beside between directly ' +
    'there here it its his her their shown show shows printed written stands stand given give gives mentioned mention named ' +
    'name named called stated say says read reads according appear appears image picture photo page text line lines entry word ' +
    'words times time number numbers amount price code codes year years colour color column row'
  ).split(' '),
)

/** Read a question in English into a plan; nothing here knows any particular data set. */
export function parseQuestion(question: string): QuestionPlan {
  const lower = question.toLowerCase()
  const quoted = findQuoted(question)
  const column =
    quoted.find(({ before }) => /\bcolumn (?:of |for |named |headed )?$/i.test(before))?.text ?? null
  const anchors = quoted.filter(({ text }) => text !== column)
  const plain = withoutQuotes(question)
  const names = findNames(plain)
  const numbers = plain.match(/\d[\d.,:/-]*\d|\d/g) ?? []
  const ordinal =
    anchors.length > 0 ? /\b(first|second|third|fourth|last)\s*$/i.exec(anchors[0]?.before ?? '') : null

  return {
    kind: KINDS.find(([, pattern]) => pattern.test(lower))?.[0] ?? 'text',
    relation: /\b(below|under|beneath|underneath)\b/.test(lower)
      ? 'below'
      : /\babove\b/.test(lower)
        ? 'above'
        : 'beside',
    anchors: [...anchors.map(({ text }) => text), ...names, ...numbers],
    occurrence: ORDINALS[ordinal?.[1]?.toLowerCase() ?? ''] ?? null,
    column,
    keywords: (plain.match(/\p{L}{3,}/gu) ?? []).filter((word) => !FUNCTION_WORDS.has(word.toLowerCase())),
  }
}

/** Quoted parts with the text before them; an apostrophe inside a word opens nothing. */
function findQuoted(question: string): { text: string; before: string }[] {
  return [...question.matchAll(/(?<![\p{L}\p{N}])['"‘“]([^"“”]+?)['"’”](?![\p{L}\p{N}])/gu)].flatMap(
    (match) =>
      match[1] === undefined ? [] : [{ text: match[1].trim(), before: question.slice(0, match.index) }],
  )
}

function withoutQuotes(question: string): string {
  return question.replace(/(?<![\p{L}\p{N}])['"‘“]([^"“”]+?)['"’”](?![\p{L}\p{N}])/gu, ' ')
}

/** Capitalised words in sequence, the question's first word aside. */
function findNames(question: string): string[] {
  const body = question
    .trim()
    .replace(/^\S+/, '')
    .replace(/[.?!]\s+\p{Lu}/gu, ' ')
  return body.match(/\p{Lu}[\p{L}\p{N}]*(?:[ -]\p{Lu}[\p{L}\p{N}]*)*/gu) ?? []
}
