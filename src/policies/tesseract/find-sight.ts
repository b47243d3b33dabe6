import { cropStep, enlargeStep, partsOf } from './code-steps.js'
import { findAnswer, locateAnchor } from './find-answer.js'
import { tryStep, type Desk, type Investigation, type Sight } from './investigation.js'
import { measureLegibility } from './legibility.js'
import type { QuestionPlan } from './parse-question.js'

/** Below this many pixels of a view, enlarging the whole image may still give a larger view. */
const SMALL_VIEW = 1_000_000
/** Growth of a view's area from which it counts as larger. */
const GROWTH = 1.5
/** Share of confident characters from which what was found needs no larger view first. */
const LEGIBLE_SHARE = 0.35

/**
 * Find a view in which the words of the question can be read: the upright one, else an enlarged one, else its parts, each
 * enlarged. Where they are nowhere: the view that reads best as a whole.
 */
export async function* findSight({
  desk,
  upright,
  plan,
}: {
  desk: Desk
  upright: Sight
  plan: QuestionPlan
}): Investigation<Sight> {
  const { imageIndex, page } = upright
  const named = plan.anchors[0] ?? plan.keywords[0] ?? 'the subject'
  const isUseful = (sight: Sight): boolean =>
    (findAnswer({ page: sight.page, plan }) ?? locateAnchor({ page: sight.page, plan })) !== null
  const isLegible = measureLegibility(page).share >= LEGIBLE_SHARE
  if (isLegible && isUseful(upright)) return upright

  const whole = [upright]
  const area = page.width * page.height
  if (area < SMALL_VIEW) {
    const reason = isLegible ? `I cannot find “${named}” in what reads so far` : 'Little of it reads well'
    const why = `${reason}: the text may be too small. I enlarge the image.`
    const enlarged = yield* tryStep({ desk, step: enlargeStep({ imageIndex, why }) })
    if (enlarged && isUseful(enlarged)) return enlarged
    if (enlarged) whole.push(enlarged)
  }
  const best = whole.reduce((a, b) =>
    measureLegibility(b.page).score > measureLegibility(a.page).score ? b : a,
  )
  const hasGrown = whole.some((sight) => sight.page.width * sight.page.height >= GROWTH * area)
  if (hasGrown || isUseful(upright)) return isUseful(upright) ? upright : best
  for (const region of partsOf(page)) {
    const why = `“${named}” is still not to be found, so I look at one part of the image at a time.`
    const part = yield* tryStep({ desk, step: cropStep({ region, page, imageIndex, why }) })
    if (part && isUseful(part)) return part
  }
  return best
}
