import { createHash } from 'node:crypto'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { createRandom, type Random } from '../../data/demo/random.js'
import { transformedSize } from '../../data/transforms/transformed-size.js'
import type { CurationPlan, PlannedProvocation, PlannedStep } from './curation-plan.js'
import type { ScheduledItem } from './draw-schedule.js'
import { drawSteps } from './draw-steps.js'

/** An error is made a second time, before it is mended, with this chance in a hundred. */
const TWICE = 25

/**
 * Draw what a scheduled trajectory is to be, to the last window (paper, section 3: metadata first). The same item, seed and number give the same plan.
 * @param parameters.index number of the trajectory, which tells two of the same row apart.
 */
export function drawPlan({
  item: { type, transform, provocation, material },
  index,
  seed,
  maxPixels,
}: {
  item: ScheduledItem
  index: number
  seed: string
  /** Most pixels of what the model sees. */
  maxPixels: number
}): CurationPlan {
  const { key, question, answer, category, pictures } = material
  const own = `${seed}/${index}`
  const random = createRandom({ seed: `${own}/plan` })
  const isFree = type !== 'no-tool' && type !== 'single-tool'
  const applied = pictures.map((_, at) => (at === 0 ? transform : isFree ? drawSecond(random) : 'none'))
  const steps: PlannedStep[] = []
  for (const [image, picture] of pictures.entries())
    steps.push(
      ...drawSteps({
        picture,
        image,
        transform: applied[image] ?? 'none',
        type,
        first: steps.length,
        maxPixels,
        random,
      }),
    )
  const plan = {
    type,
    question,
    answer,
    category,
    images: pictures.map((picture, at) => ({
      ...transformedSize({ width: picture.width, height: picture.height, transform: applied[at] ?? 'none' }),
      transform: applied[at] ?? 'none',
      corruption: picture.corruption,
    })),
    steps,
    provocation: provocation === null ? null : drawProvocation({ kind: provocation, steps, random }),
    seed: own,
  }
  return { taskKey: keyOf([key, plan]), ...plan }
}

/** Further images are left as they are half of the time. */
function drawSecond(random: Random): Transform {
  return random.integer(0, 1) === 0 ? 'none' : random.pick(TRANSFORMS.slice(1))
}

function drawProvocation({
  kind,
  steps,
  random,
}: {
  kind: PlannedProvocation['kind']
  steps: readonly PlannedStep[]
  random: Random
}): PlannedProvocation {
  const isGeometric = ({ operations }: PlannedStep): boolean =>
    operations.some(({ op }) => op === 'crop' || (TRANSFORMS as readonly string[]).includes(op))
  const places = [...steps.keys()].filter(
    (at) => kind !== 'wrong-tool' || isGeometric(steps[at] as PlannedStep),
  )
  // Whoever waits for a deadline does not wait twice.
  const isTwice = random.integer(1, 100) <= TWICE && kind !== 'timeout'
  return { kind, step: random.pick(places), times: isTwice ? 2 : 1 }
}

function keyOf(identity: unknown): string {
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex')
}
