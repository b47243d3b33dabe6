import { CURATION_TYPES, PROVOCATIONS, type CurationType, type Provocation } from '../../../core/curation.js'
import { TRANSFORMS, type Box, type Transform } from '../../../core/transform.js'
import { createRandom, type Random } from '../../../data/demo/random.js'
import { inverseOf } from '../../../data/transforms/inverse.js'
import { transformedSize } from '../../../data/transforms/transformed-size.js'
import type {
  CurationPlan,
  PhotometricTool,
  PlannedOperation,
  PlannedStep,
  Size,
} from '../../plan/curation-plan.js'

/** Questions of several kinds with answers that fit. */
const QUESTIONS: readonly (readonly [question: string, answer: string, category: string])[] = [
  ['Which code is printed at the foot of the receipt?', 'KT-40-QX', 'read'],
  ['How many dots are drawn on the red card?', '17', 'count'],
  ["Which number is written next to 'Marlow'?", '417', 'look-up'],
  ["What amount is printed for 'Brenner'?", '8.35', 'look-up'],
  [
    "Which number is larger, the one at the bar 'Oslo' or the one at the bar 'Turin'? Answer with the larger number.",
    '903',
    'compare',
  ],
  ["What is the sum of the room numbers next to 'Aldana' and next to 'Veit'?", '733', 'sum'],
  ['What is the word directly below "OPEN DAILY"?', 'bakery', 'next-line'],
  ['What does the small sign say?\nA. Exit\nB. Closed\nC. No smoking\nD. Push', 'C', 'choice'],
]
const PHOTOMETRIC: Readonly<Record<string, readonly PhotometricTool[]>> = {
  noise: ['median_blur'],
  blur: ['sharpen'],
  'low-contrast': ['autocontrast', 'contrast_up'],
}

export interface DrawnPlan {
  plan: CurationPlan
  /** Size of each image before anything was applied to it. */
  canonical: readonly Size[]
}

/** Draw a plan as curation plans them: what was applied is undone, windows nest, and everything follows from the seed. */
export function drawPlan({
  seed,
  type,
  provocation = null,
  size = { width: 308, height: 224 },
  transform,
}: {
  seed: string
  type: CurationType
  provocation?: Provocation | null
  /** Of the canonical image. */
  size?: Size
  transform?: Transform
}): DrawnPlan {
  const random = createRandom({ seed })
  const [question, answer, category] = random.pick(QUESTIONS)
  const applied = type === 'no-tool' ? 'none' : (transform ?? random.pick(TRANSFORMS))
  const isPair = type === 'multi-tool' && random.integer(0, 4) === 0
  const corruption =
    type === 'multi-tool' && random.integer(0, 1) === 0 ? random.pick(Object.keys(PHOTOMETRIC)) : null
  const given = { ...transformedSize({ ...size, transform: applied }), transform: applied, corruption }
  const steps = drawSteps({ random, type, applied, corruption, size })
  const second = { ...size, transform: 'none' as const, corruption: null }
  const box = drawWindow({ random, size, share: 0.4 })
  const onSecond: PlannedStep = {
    image: 1,
    from: 'given',
    operations: [{ op: 'crop', box }],
    inputSize: size,
    resultSize: sizeOf(box),
    window: box,
  }
  const allSteps = isPair ? [...steps, onSecond] : steps
  return {
    plan: {
      taskKey: seed,
      type,
      question,
      answer,
      category,
      images: isPair ? [given, second] : [given],
      steps: allSteps,
      provocation:
        provocation === null
          ? null
          : {
              kind: provocation,
              step: random.integer(0, allSteps.length - 1),
              times: random.pick([1, 1, 2]),
            },
      seed,
    },
    canonical: isPair ? [size, size] : [size],
  }
}

/** A plan of any type and provocation. */
export function drawAnyPlan({ seed, size }: { seed: string; size?: Size }): DrawnPlan {
  const random = createRandom({ seed: `${seed}/type` })
  const type = random.pick(CURATION_TYPES)
  const provocation = type === 'error-handling' ? random.pick(PROVOCATIONS) : null
  return drawPlan({ seed, type, provocation, ...(size !== undefined && { size }) })
}

function drawSteps({
  random,
  type,
  applied,
  corruption,
  size,
}: {
  random: Random
  type: CurationType
  applied: Transform
  corruption: string | null
  size: Size
}): PlannedStep[] {
  const whole: Box = [0, 0, size.width, size.height]
  const inputSize = transformedSize({ ...size, transform: applied })
  const turns: PlannedOperation[] = applied === 'none' ? [] : [{ op: inverseOf(applied) }]
  const mending: PlannedOperation[] =
    corruption === null ? [] : [{ op: random.pick(PHOTOMETRIC[corruption] ?? ['sharpen']) }]
  const first = { image: 0, from: 'given' as const, inputSize }
  const turning = (operations: readonly PlannedOperation[]): PlannedStep => ({
    ...first,
    operations,
    resultSize: size,
    window: whole,
  })
  if (type === 'no-tool') return []
  const isTurnOnly =
    turns.length > 0 && (type === 'single-tool' || (type === 'error-handling' && random.integer(0, 1) === 0))
  if (isTurnOnly) return [turning(turns)]
  const window = drawWindow({ random, size, share: 0.5 })
  if (turns.length === 0 && type !== 'multi-crop')
    return [
      { ...first, operations: [...mending, { op: 'crop', box: window }], resultSize: sizeOf(window), window },
    ]
  if (type !== 'multi-crop' && random.integer(0, 2) === 0)
    return [
      {
        ...first,
        operations: [...turns, { op: 'crop', box: window }, ...mending],
        resultSize: sizeOf(window),
        window,
      },
    ]
  const steps: PlannedStep[] = turns.length === 0 ? [] : [turning([...turns, ...mending])]
  const windows = type === 'multi-crop' ? [window, inside({ random, window })] : [window]
  let around: Box = whole
  for (const [at, next] of windows.entries()) {
    const isGiven = at === 0 && steps.length === 0
    const box: Box = [next[0] - around[0], next[1] - around[1], next[2] - around[0], next[3] - around[1]]
    steps.push({
      image: 0,
      from: isGiven ? 'given' : steps.length - 1,
      operations: [{ op: 'crop', box }],
      inputSize: sizeOf(around),
      resultSize: sizeOf(next),
      window: next,
    })
    around = next
  }
  return steps
}

function drawWindow({ random, size, share }: { random: Random; size: Size; share: number }): Box {
  const side = (of: number): number => Math.max(8, Math.round((of * share * random.integer(50, 100)) / 100))
  const [width, height] = [side(size.width), side(size.height)]
  const [left, top] = [random.integer(0, size.width - width), random.integer(0, size.height - height)]
  return [left, top, left + width, top + height]
}

function inside({ random, window: [left, top, right, bottom] }: { random: Random; window: Box }): Box {
  const [l, t, r, b] = drawWindow({ random, size: { width: right - left, height: bottom - top }, share: 0.6 })
  return [left + l, top + t, left + r, top + b]
}

function sizeOf([left, top, right, bottom]: Box): Size {
  return { width: right - left, height: bottom - top }
}
