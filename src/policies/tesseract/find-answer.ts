import type { Box } from '../../core/transform.js'
import { findTokens, toToken, type AnswerToken } from './answer-tokens.js'
import { centreOf, distanceBetween, growBox, heightOf, sharedWidth, unionOf, widthOf } from './boxes.js'
import { findPhrase, type PhraseMatch } from './find-phrase.js'
import { runsOf, textOfLine, type Page } from './page.js'
import type { QuestionPlan } from './parse-question.js'
import { normalise, similarity } from './similarity.js'

/** What a page says to a question, and where. */
export interface Finding {
  text: string
  /** Where the answer stands. */
  box: Box
  /** Where the words stand that led to it. */
  anchor: Box
  /** Of the least certain word of the answer, 0 to 100. */
  confidence: number
}

/** Find the answer by the words that the question names; null where the page has none of them, or nothing near them that fits. */
export function findAnswer({ page, plan }: { page: Page; plan: QuestionPlan }): Finding | null {
  if (plan.kind === 'count') return countMatches({ page, plan })
  if (plan.kind === 'direction' || plan.kind === 'appearance') return null
  const anchor = locateAnchor({ page, plan })
  if (!anchor) return null
  const token =
    plan.column === null ? chooseToken({ page, plan, anchor }) : chooseCell({ page, plan, anchor })
  return token && { text: token.text, box: token.box, anchor: anchor.box, confidence: token.confidence }
}

/** The place that the question is about: its quoted text, else a name, else the line with most of its words. */
export function locateAnchor({ page, plan }: { page: Page; plan: QuestionPlan }): PhraseMatch | null {
  for (const phrase of plan.anchors.filter((anchor) => normalise(anchor).length >= 2)) {
    const matches = findPhrase({ page, phrase })
    const match =
      plan.occurrence === null
        ? matches.reduce<PhraseMatch | undefined>(
            (best, next) => (best && best.similarity >= next.similarity ? best : next),
            undefined,
          )
        : matches.at(Math.min(plan.occurrence, matches.length - 1))
    if (match) return match
  }
  const lines = page.lines.map((line) => {
    const words = line.words.filter((word) =>
      plan.keywords.some((keyword) => similarity(keyword, word.text) >= 0.8),
    )
    return { line, words, box: unionOf(words.map((word) => word.box)), similarity: words.length }
  })
  const best = lines.reduce((a, b) => (b.similarity > a.similarity ? b : a), {
    line: { words: [], box: [0, 0, 0, 0] as const },
    words: [],
    box: [0, 0, 0, 0],
    similarity: 0,
  } as PhraseMatch)
  return best.similarity > 0 ? best : null
}

/** What stands at a place that another view of the same region told; null where nothing of that kind stands there. */
export function readAt({
  page,
  plan,
  place,
}: {
  page: Page
  plan: QuestionPlan
  place: Box
}): Finding | null {
  if (plan.kind === 'count') return countMatches({ page, plan })
  if (plan.kind === 'text') {
    const area = growBox({
      box: place,
      x: heightOf(place),
      y: heightOf(place) * 0.4,
      width: page.width,
      height: page.height,
    })
    const inside = page.lines
      .map((line) => ({
        line,
        words: line.words.filter(({ box }) => {
          const [x, y] = centreOf(box)
          return x >= area[0] && x <= area[2] && y >= area[1] && y <= area[3]
        }),
      }))
      .filter(({ words }) => words.length > 0)
      .sort((a, b) => b.words.length - a.words.length)[0]
    if (!inside) return null
    const token = toToken({ ...inside, text: textOfLine({ words: inside.words, box: place }) })
    return toFinding(token)
  }
  const [nearest] = findTokens({ page, kind: plan.kind }).sort(
    (a, b) => distanceBetween(a.box, place) - distanceBetween(b.box, place),
  )
  if (!nearest || distanceBetween(nearest.box, place) > Math.max(widthOf(place), 2 * heightOf(place)))
    return null
  return toFinding(nearest)
}

/** What to answer where nothing of the question was found: the most prominent thing of the right form. */
export function guessAnswer({ page, plan }: { page: Page; plan: QuestionPlan }): Finding | null {
  if (plan.kind === 'count' || plan.kind === 'direction' || plan.kind === 'appearance') return null
  const prominence = ({ box, confidence }: AnswerToken): number =>
    heightOf(box) * (confidence >= 50 ? 1 : 0.5)
  // A run may hold words that OCR hardly believes in itself; they are no part of a guess.
  const lines = page.lines.map((line) => ({
    ...line,
    words: line.words.filter(({ confidence }) => confidence >= 45),
  }))
  const prominent = findTokens({ page: { ...page, lines }, kind: plan.kind })
    .filter(
      ({ text, confidence }) => confidence >= 30 && (plan.kind === 'text' ? /\p{L}{3}/u : /../).test(text),
    )
    .sort((a, b) => prominence(b) - prominence(a))[0]
  return prominent ? toFinding(prominent) : null
}

function toFinding({ text, box, confidence }: AnswerToken): Finding {
  return { text, box, anchor: box, confidence }
}

function chooseToken({
  page,
  plan,
  anchor,
}: {
  page: Page
  plan: QuestionPlan
  anchor: PhraseMatch
}): AnswerToken | null {
  const tokens = findTokens({ page, kind: plan.kind }).filter((token) => !overlaps(token.box, anchor.box))
  const height = heightOf(anchor.box)
  const reach = growBox({ box: anchor.box, x: height, y: 0, width: page.width, height: page.height })
  const nearestBy = (cost: (token: AnswerToken) => number) => (found: readonly AnswerToken[]) =>
    [...found].sort((a, b) => cost(a) - cost(b))[0] ?? null
  const below = () =>
    nearestBy((token) => token.box[1])(
      tokens.filter(
        ({ box }) =>
          box[1] >= anchor.box[3] - height / 2 &&
          sharedWidth(box, reach) > 0 &&
          box[1] - anchor.box[3] < 8 * height,
      ),
    )
  const above = () =>
    nearestBy((token) => -token.box[3])(
      tokens.filter(
        ({ box }) =>
          box[3] <= anchor.box[1] + height / 2 &&
          sharedWidth(box, reach) > 0 &&
          anchor.box[1] - box[3] < 8 * height,
      ),
    )
  const right = () => {
    const rest = restOfRun(anchor)
    if (plan.kind === 'text' && rest) return rest
    const found = tokens.filter(
      (token) => token.line === anchor.line && token.box[0] >= centreOf(anchor.box)[0],
    )
    // The last amount of a line is the sum of it; of other things the nearest belongs to the anchor.
    return nearestBy((token) => (plan.kind === 'amount' ? -token.box[2] : token.box[0]))(found)
  }
  const left = () =>
    nearestBy((token) => -token.box[2])(
      tokens.filter((token) => token.line === anchor.line && token.box[2] <= centreOf(anchor.box)[0]),
    )

  switch (plan.relation) {
    case 'below':
      return below()
    case 'above':
      return above()
    case 'beside':
      return right() ?? (plan.kind === 'text' ? below() : (left() ?? below())) ?? above()
  }
}

/** The token of the anchor's line that stands under (or over) the heading of the column. */
function chooseCell({
  page,
  plan,
  anchor,
}: {
  page: Page
  plan: QuestionPlan
  anchor: PhraseMatch
}): AnswerToken | null {
  const heading = findPhrase({ page, phrase: plan.column ?? '' })[0]?.box
  if (!heading) return null
  const offset = ({ box }: AnswerToken) =>
    Math.min(
      Math.abs(box[0] - heading[0]),
      Math.abs(box[2] - heading[2]),
      Math.abs(centreOf(box)[0] - centreOf(heading)[0]),
    )
  const cells = findTokens({ page, kind: plan.kind }).filter(
    (token) =>
      token.line === anchor.line && !overlaps(token.box, anchor.box) && sharedWidth(token.box, heading) > 0,
  )
  return cells.sort((a, b) => offset(a) - offset(b))[0] ?? null
}

function countMatches({ page, plan }: { page: Page; plan: QuestionPlan }): Finding | null {
  for (const phrase of plan.anchors) {
    const matches = findPhrase({ page, phrase }).filter((match) => match.similarity >= 0.85)
    if (matches.length === 0) continue
    const box = unionOf(matches.map((match) => match.box))
    const confidence = Math.min(...matches.flatMap((match) => match.words.map((word) => word.confidence)))
    return { text: matches.length.toString(), box, anchor: box, confidence }
  }
  return null
}

/** The words after the anchor in its own run. */
function restOfRun(anchor: PhraseMatch): AnswerToken | null {
  const last = anchor.words.at(-1)
  const run = runsOf(anchor.line).find(({ words }) => last !== undefined && words.includes(last))
  if (!run || !last) return null
  const words = run.words.slice(run.words.indexOf(last) + 1)
  if (words.length === 0) return null
  return toToken({ words, line: anchor.line, text: textOfLine({ words, box: run.box }) })
}

function overlaps(a: Box, b: Box): boolean {
  return sharedWidth(a, b) > 0 && Math.min(a[3], b[3]) - Math.max(a[1], b[1]) > 0
}
