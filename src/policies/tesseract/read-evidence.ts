import type { Box } from '../../core/transform.js'
import { growBox, heightOf, unionOf } from './boxes.js'
import { cropStep } from './code-steps.js'
import { findAnswer, locateAnchor, readAt, type Finding } from './find-answer.js'
import { tryStep, type Desk, type Investigation, type Sight } from './investigation.js'
import type { Page } from './page.js'
import type { QuestionPlan } from './parse-question.js'

/** Height of text, in pixels, and confidence from which a reading needs no closer look. */
const LARGE_TEXT = 26
const SURE = 93
/** Confidence below which a crop is looked at once more with its contrast raised. */
const UNSURE = 60

/** Cut out the place where the answer should stand, enlarge it and read it there. */
export async function* readEvidence({
  desk,
  sight,
  plan,
  known,
}: {
  desk: Desk
  sight: Sight
  plan: QuestionPlan
  /** What the sight itself says, to be checked. */
  known: Finding | null
}): Investigation<Finding | null> {
  const { page } = sight
  if (known && known.confidence >= SURE && heightOf(known.box) >= LARGE_TEXT) return known
  const region = known ? regionOf({ page, finding: known }) : surroundingsOf({ page, plan })
  if (!region) return known

  const readings: Finding[] = []
  for (const attempt of ['plain', 'contrast'] as const) {
    const why =
      attempt === 'plain'
        ? known
          ? `The view seems to say “${known.text}” there. I crop that place from the full image to read it in detail.`
          : 'This is the place that the question is about. I crop it from the full image to read it in detail.'
        : 'The crop does not read well yet. I take a larger margin and raise its contrast.'
    const area = attempt === 'plain' ? region : widen({ page, region })
    const step = cropStep({
      region: area,
      page,
      imageIndex: sight.imageIndex,
      why,
      contrast: attempt === 'contrast',
    })
    const crop = yield* tryStep({ desk, step })
    if (!crop) continue
    const close = await desk.reader.readClosely(crop.view)
    const reading =
      (known &&
        readAt({ page: close, plan, place: placeIn({ place: known.box, region: area, crop: close }) })) ??
      findAnswer({ page: close, plan })
    if (reading) readings.push(reading)
    if (reading && reading.confidence >= UNSURE) break
  }
  return readings.sort((a, b) => b.confidence - a.confidence)[0] ?? known
}

/** Anchor and answer together, unless they lie so far apart that a crop would show nothing new. */
function regionOf({ page, finding: { box, anchor } }: { page: Page; finding: Finding }): Box {
  const both = unionOf([box, anchor])
  const core = heightOf(both) > 0.4 * page.height ? box : both
  return growBox({
    box: core,
    x: 1.5 * heightOf(box),
    y: 0.8 * heightOf(box),
    width: page.width,
    height: page.height,
  })
}

/** The anchor's line and some lines around it, over the whole width. */
function surroundingsOf({ page, plan }: { page: Page; plan: QuestionPlan }): Box | null {
  const anchor = locateAnchor({ page, plan })
  if (!anchor) return null
  const [, top, , bottom] = anchor.box
  return growBox({
    box: [0, top, page.width, bottom],
    x: 0,
    y: 5 * heightOf(anchor.box),
    width: page.width,
    height: page.height,
  })
}

function widen({ page, region }: { page: Page; region: Box }): Box {
  return growBox({
    box: region,
    x: 0.05 * page.width,
    y: heightOf(region),
    width: page.width,
    height: page.height,
  })
}

/** Where a place of the page lies in the view of a crop. */
function placeIn({ place, region, crop }: { place: Box; region: Box; crop: Page }): Box {
  const [left, top, right, bottom] = region
  const x = crop.width / (right - left)
  const y = crop.height / (bottom - top)
  return [(place[0] - left) * x, (place[1] - top) * y, (place[2] - left) * x, (place[3] - top) * y]
}
