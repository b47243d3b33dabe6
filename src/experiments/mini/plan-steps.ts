import type { Orientation } from '../../core/orientation.js'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import type { BoardTask } from '../../data/card-board/board-task.js'
import type { Random } from '../../data/demo/random.js'
import { composeOrientations } from '../../data/transforms/compose-orientations.js'
import { inverseOf } from '../../data/transforms/inverse.js'
import { transformPixels, type PixelImage } from '../../data/transforms/transform-pixels.js'
import { cropPixels } from './crop-pixels.js'
import type { MiniCall, TurnKind } from './mini-sample.js'
import { RECOVERIES, spoil, type Mistake } from './mistakes.js'
import {
  boxText,
  LOOKS,
  placedText,
  TURN_CODE,
  TURN_DESCRIPTIONS,
  ZOOM_DESCRIPTION,
  type Turning,
} from './phrases.js'

/** A turn with a call, and what comes of it. */
export interface Step extends MiniCall {
  readonly kind: Exclude<TurnKind, 'answer'>
  readonly thought: string
}

/** Steps of a trajectory over a board: what sets it right, then crops of the card, with the mistake in it where one is to be made and there is a place for it. */
export async function planSteps({
  board,
  mistake,
  zooms,
  random,
}: {
  board: BoardTask
  mistake: Mistake | null
  /** How often it looks closer at the card; a small number takes one look. */
  zooms: number
  random: Random
}): Promise<Step[]> {
  const { plan, canonical } = board
  const { asked } = plan
  const steps: Step[] = []
  let orientation: Transform = plan.transform
  let imageIndex = 0
  const apply = async (tool: Turning, thought: string, kind: 'turn' | 'mistake'): Promise<void> => {
    orientation = asTransform(composeOrientations([orientation, tool]))
    const image = await oriented({ image: canonical, orientation })
    const call = {
      code: `result = ${TURN_CODE[tool]('image')}`,
      description: TURN_DESCRIPTIONS[tool],
      imageIndex: imageIndex++,
    }
    steps.push({ kind, thought, call, outcome: { status: 'ok', image } })
  }
  if (mistake === 'wrong-turn' && orientation !== 'none') {
    const tool = random.pick(wrongTools(orientation))
    await apply(tool, `${LOOKS[inverseOf(tool)]}.`, 'mistake')
  }
  if (orientation !== 'none') await apply(inverseOf(orientation) as Turning, `${LOOKS[orientation]}.`, 'turn')
  const { colour, box } = asked
  for (let look = 0; look < zooms; look++)
    steps.push({
      kind: 'zoom',
      thought: `${LOOKS.none}. I zoom in on ${placedText({ colour, box })}.`,
      call: { code: `result = image.crop(${boxText(box)})`, description: ZOOM_DESCRIPTION, imageIndex },
      outcome: { status: 'ok', image: cropPixels({ image: canonical, box }) },
    })
  return mistake === null || mistake === 'wrong-turn' ? steps : withFailure({ steps, mistake, random })
}

/** A call of which the first attempt fails. */
function withFailure({
  steps,
  mistake,
  random,
}: {
  steps: readonly Step[]
  mistake: Exclude<Mistake, 'wrong-turn'>
  random: Random
}): Step[] {
  const places = steps.flatMap(({ kind }, at) => (mistake !== 'bad-argument' || kind === 'zoom' ? [at] : []))
  if (places.length === 0) return [...steps]
  const chosen = random.pick(places)
  return steps.flatMap((step, at): Step[] => {
    if (at !== chosen) return [step]
    const { call, execution } = spoil({ call: step.call, mistake, images: step.call.imageIndex + 1 })
    const failed = {
      kind: 'mistake',
      thought: step.thought,
      call,
      outcome: { status: 'error', execution },
    } as const
    return [failed, { ...step, thought: `${RECOVERIES[mistake]}${step.thought}` }]
  })
}

/** Tools after which a picture is neither upright nor in an orientation that no single tool undoes. */
function wrongTools(orientation: Turning): Turning[] {
  return TRANSFORMS.filter((tool): tool is Turning => {
    if (tool === 'none') return false
    const then = composeOrientations([orientation, tool])
    return then !== 'none' && isTransform(then)
  })
}

function isTransform(orientation: Orientation): orientation is Transform {
  return (TRANSFORMS as readonly Orientation[]).includes(orientation)
}

function asTransform(orientation: Orientation): Transform {
  if (isTransform(orientation)) return orientation
  throw new RangeError(`expected an orientation that one tool undoes, got ${orientation}`)
}

async function oriented({
  image,
  orientation,
}: {
  image: PixelImage
  orientation: Transform
}): Promise<PixelImage> {
  return orientation === 'none' ? image : transformPixels({ image, transform: orientation })
}
