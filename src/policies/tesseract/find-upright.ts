import { turnStep, type Turn } from './code-steps.js'
import { findPhrase } from './find-phrase.js'
import { tryStep, type Desk, type Investigation, type Sight } from './investigation.js'
import { dominates, isConvincing, measureLegibility, type Legibility } from './legibility.js'
import type { Page } from './page.js'
import type { QuestionPlan } from './parse-question.js'
import { normalise } from './similarity.js'

const ACROSS: readonly Turn[] = ['rotate_180', 'flip_horizontal', 'flip_vertical', 'rotate_90', 'rotate_270']
const DOWN: readonly Turn[] = ['rotate_90', 'rotate_270', 'rotate_180', 'flip_horizontal', 'flip_vertical']

/** Share of confident characters from which the direction of the lines is not asked for. */
const SURE_SHARE = 0.75

/** What was tried, with the axis along which its lines run: sideways text reads so little that it is no rival. */
interface Attempt {
  sight: Sight
  legibility: Legibility
  axis: 'given' | 'turned'
}

/** Turn and mirror the given image until its text reads; where it never does, the orientation in which it read best. */
export async function* findUpright({
  desk,
  given,
  plan,
}: {
  desk: Desk
  given: Sight
  plan: QuestionPlan
}): Investigation<Sight> {
  const first: Attempt = { sight: given, legibility: measureLegibility(given.page), axis: 'given' }
  const direction = await desk.reader.direction(given.view)
  // Where lines seem to run down, what reads may be a note on the margin of a page that lies on its side.
  const mayLie = direction === 'down' && first.legibility.share < SURE_SHARE
  if (holdsAnchor({ page: given.page, plan }) || (isConvincing(first.legibility) && !mayLie)) return given

  const attempts: Attempt[] = [first]
  for (const turn of direction === 'across' ? ACROSS : DOWN) {
    const why = `${describe(attempts)} The lines of text seem to run ${direction} the image.`
    const sight = yield* tryStep({ desk, step: turnStep({ turn, imageIndex: given.imageIndex, why }) })
    if (!sight) continue
    const axis = turn === 'rotate_90' || turn === 'rotate_270' ? 'turned' : 'given'
    const attempt: Attempt = { sight, legibility: measureLegibility(sight.page), axis }
    if (holdsAnchor({ page: sight.page, plan }) || isConvincing(attempt.legibility)) return sight
    attempts.push(attempt)
    attempts.sort((a, b) => b.legibility.score - a.legibility.score)
    if (isSettled(attempts)) break
  }
  return attempts[0]?.sight ?? given
}

/** Whether the best attempt leaves every other behind, one of its own axis among them. */
function isSettled([best, ...others]: readonly Attempt[]): boolean {
  return (
    best !== undefined &&
    others.some(({ axis }) => axis === best.axis) &&
    others.every(({ legibility }) => dominates(best.legibility, legibility))
  )
}

/** Whether a text of the question, long enough to be no accident, reads in a page: then the page is upright. */
function holdsAnchor({ page, plan }: { page: Page; plan: QuestionPlan }): boolean {
  return plan.anchors
    .filter((phrase) => normalise(phrase).length >= 5 && /\p{L}{4}/u.test(phrase))
    .some((phrase) => findPhrase({ page, phrase }).some((match) => match.similarity >= 0.9))
}

function describe(attempts: readonly { legibility: Legibility }[]): string {
  const share = Math.round(100 * Math.max(...attempts.map(({ legibility }) => legibility.share)))
  const views = attempts.length === 1 ? 'the image' : `the ${attempts.length.toString()} views so far`
  return `At most ${share.toString()} % of the characters read with confidence in ${views}, so it may be turned or mirrored.`
}
