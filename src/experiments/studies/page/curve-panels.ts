import { panel } from '../../../report/curation/figures.js'
import { markup, type Html } from '../../../report/page/markup.js'
import type { MeasuredArms } from '../measured-arm.js'
import type { Study } from '../study.js'
import { armColour } from './arm-colours.js'
import { curveFigure } from './curve-figure.js'
import { curvePoints } from './curve-points.js'
import { picture } from './picture.js'

/** Steps that a line is averaged over; of short trainings none are. */
const WINDOW = 5
const SHORT = 3 * WINDOW

interface Quantity {
  readonly title: string
  /** Of a step's figures, by the names that rewards have for it; the first that is there. */
  readonly names: readonly string[]
  /** Measured on held-out tasks every so many steps. */
  readonly isHeldOut?: boolean
  /** What the paper's curve does, in its training of 700 steps. */
  readonly paper?: string
}

const QUANTITIES: readonly Quantity[] = [
  { title: 'Reward of a rollout', names: ['reward/total'] },
  { title: 'Accuracy of rollouts', names: ['accuracy'], paper: '0.28 to 0.72; without SFT 0.15 to 0.2' },
  {
    title: 'Strategy, before its weight',
    names: ['reward/strategy', 'reward/R_mandatory'],
    paper: '0.22 to 0.62',
  },
  { title: 'Penalty, before its weight', names: ['reward/penalty', 'reward/C_usage'], paper: '0.09 to 0' },
  {
    title: 'Tool turns',
    names: ['toolCalls'],
    paper: 'about 1; without penalty up to 3.5 to 4; without SFT 0 from about step 30 on',
  },
  { title: 'Accuracy on held-out tasks', names: ['evaluation/accuracy'], isHeldOut: true },
  {
    title: 'Turned back and right, held-out tasks',
    names: ['evaluation/turnedRight'],
    isHeldOut: true,
  },
]

/** What the trainings of all arms measured, a figure a quantity; none where nothing was trained. */
export async function curvePanels({
  study,
  measured,
}: {
  study: Study
  measured: MeasuredArms
}): Promise<Html[]> {
  const panels = await Promise.all(QUANTITIES.map((quantity) => quantityPanel({ quantity, study, measured })))
  return panels.filter((made) => made !== null)
}

async function quantityPanel({
  quantity: { title, names, isHeldOut = false, paper },
  study,
  measured,
}: {
  quantity: Quantity
  study: Study
  measured: MeasuredArms
}): Promise<Html | null> {
  const curves = study.arms.flatMap(({ name: arm }, place) => {
    const own = (measured.get(arm) ?? []).flatMap(({ curves: one }) => one ?? [])
    const name = names.find((known) => own.some(({ figures }) => figures.some(([has]) => has === known)))
    if (name === undefined) return []
    const raw = curvePoints({ curves: own, name, window: 1 })
    return [
      isHeldOut || raw.length < SHORT
        ? { colour: armColour(place), points: raw, raw: [] }
        : {
            colour: armColour(place),
            points: curvePoints({ curves: own, name, window: WINDOW }),
            raw,
          },
    ]
  })
  if (curves.length === 0) return null
  const isAveraged = curves.some(({ raw }) => raw.length > 0)
  const note = isHeldOut
    ? 'at the temperature of the training'
    : isAveraged
      ? `means over ${WINDOW} steps`
      : null
  return panel(
    title,
    markup`${picture({ svg: await curveFigure({ curves, hasDots: isHeldOut }), alt: `${title} over steps, by arm` })}
      ${[...(note === null ? [] : [note]), ...(paper === undefined ? [] : [`the paper: ${paper}`])].map((one) => markup`<p class="soft note">${one}</p>`)}`,
  )
}
