import { cropStep, enlargeStep, quartersOf } from './code-steps.js'
import { findAnswer, locateAnchor } from './find-answer.js'
import { tryStep, type Desk, type Investigation, type Sight } from './investigation.js'
import type { QuestionPlan } from './parse-question.js'

/** Below this many pixels of a view, enlarging the whole image may still give a larger view. */
const SMALL_VIEW = 1_000_000
/** Growth of a view's area from which it counts as larger. */
const GROWTH = 1.5

/**
 * Find a view in which the words of the question can be read: the upright one, else an enlarged one, else its quarters, each
 * enlarged. Null where they are nowhere.
 */
export async function* findSight({
  desk,
  upright,
  plan,
}: {
  desk: Desk
  upright: Sight
  plan: QuestionPlan
}): Investigation<Sight | null> {
  const isUseful = ({ page }: Sight): boolean =>
    (findAnswer({ page, plan }) ?? locateAnchor({ page, plan })) !== null
  if (isUseful(upright)) return upright

  const { imageIndex, page } = upright
  const named = plan.anchors[0] ?? plan.keywords[0] ?? 'the subject'
  const area = page.width * page.height
  if (area < SMALL_VIEW) {
    const why = `I cannot find “${named}” in what reads so far: the text may be too small. I enlarge the image.`
    const enlarged = yield* tryStep({ desk, step: enlargeStep({ imageIndex, why }) })
    if (enlarged && isUseful(enlarged)) return enlarged
    if (enlarged && enlarged.page.width * enlarged.page.height >= GROWTH * area) return null
  }
  for (const region of quartersOf(page)) {
    const why = `“${named}” is still not to be found, so I look at one quarter of the image at a time.`
    const quarter = yield* tryStep({ desk, step: cropStep({ region, page, imageIndex, why }) })
    if (quarter && isUseful(quarter)) return quarter
  }
  return null
}
