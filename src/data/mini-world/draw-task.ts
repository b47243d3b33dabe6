import type { Box, Transform } from '../../core/transform.js'
import { createRandom } from '../demo/random.js'
import { requiredToolsFor } from '../transforms/required-tools.js'
import { mapBox } from '../transforms/map-box.js'
import { ask, askPair, type Asked } from './ask.js'
import { drawPicture } from './draw-picture.js'
import { encodePicture } from './encode-picture.js'
import type { MiniWorldConfig } from './mini-world-config.js'
import { planRow, type RowPlan } from './plan-row.js'
import { renderGiven } from './render-given.js'
import { CARD_COLUMNS, fillContent, outlineContent } from './scene-content.js'
import { rowsThatFit, sceneMetrics, type SceneMetrics } from './scene-metrics.js'
import type { DrawnScene } from './styles/draw-style.js'
import { DRAW_STYLE } from './styles/styles.js'
import { unionOfBoxes } from './union-of-boxes.js'

/** A row of the mini world. */
export interface MiniTask {
  plan: RowPlan
  question: string
  answer: string
  /** Where the evidence stands in the first picture as given. */
  box: Box
  /** What undoes the transformation, and `crop` in the family `find`. */
  requiredTools: readonly string[]
  pictures: readonly MiniPicture[]
}

export interface MiniPicture {
  /** What was applied to it. */
  transform: Transform
  /** As the model is given it, PNG. */
  given: Buffer
  /** Where the evidence stands in it as given. */
  box: Box
  /** Upright and without corruption, PNG. */
  canonical(): Promise<Buffer>
}

/** In a scene of the family `read`; of a table, rows of two columns. */
const ITEMS_TO_READ = { cards: 4, receipt: 4, sign: 4, table: 3, chart: 4, note: 4 } as const

/**
 * Draw one row: question, answer, box in pixels of the first picture as given (left, top, right, bottom), what undoes it, and the pictures as PNG. Row `index` of a configuration is the
 * same wherever and whenever it is drawn, whatever was drawn before, and `index` may go beyond the configuration's `rows`: training can draw rows as it needs them.
 * @param parameters.config of {@link parseMiniWorldConfig}, which checks it and fills in defaults
 * @param parameters.index from 0
 */
export async function drawTask({
  config,
  index,
}: {
  config: MiniWorldConfig
  index: number
}): Promise<MiniTask> {
  const plan = planRow({ config, index })
  const { family, style, kind, transform } = plan
  const random = createRandom({ seed: `${config.seed}/row/${index}` })
  const metrics = sceneMetrics({ config, family, style })
  const wanted = family === 'read' ? ITEMS_TO_READ[style] : random.integer(...config.items)
  const count = Math.min(wanted, rowsThatFit({ metrics, style }) * (style === 'cards' ? CARD_COLUMNS : 1))
  const outline = outlineContent({ random, style, count })
  const fill = { random, outline, kind, digits: config.digits }
  const first = fillContent(fill)
  const draw = DRAW_STYLE[style]
  const scenes = [draw({ random, content: first, metrics })]
  let asked: Asked
  if (plan.isPair && (kind === 'compare' || kind === 'sum')) {
    const second = fillContent(fill)
    scenes.push(draw({ random, content: second, metrics }))
    asked = askPair({ random, style, kind, contents: [first, second] })
  } else asked = ask({ random, style, kind, content: first })

  const pictures: MiniPicture[] = []
  const cap = metrics.valueCap
  for (const [at, { canvas }] of scenes.entries()) {
    // What a row says was applied is said of its first picture; each is spoilt for itself.
    const applied = at === 0 ? transform : 'none'
    const corruption = at === 0 ? plan.corruption : plan.secondCorruption
    const box = evidenceBox({ scene: scenes[at], asked, metrics })
    pictures.push({
      transform: applied,
      given: await renderGiven({ canvas, corruption, transform: applied, cap, random }),
      box: mapBox({ box, transform: applied, ...sizeOf(metrics) }),
      canonical: () => encodePicture(drawPicture(canvas)),
    })
  }
  return {
    plan,
    question: asked.question,
    answer: asked.answer,
    box: boxOfFirst(pictures),
    requiredTools: requiredToolsFor({ transform, needsCrop: family === 'find' }),
    pictures,
  }
}

function boxOfFirst([first]: readonly MiniPicture[]): Box {
  if (first === undefined) throw new RangeError('expected a picture')
  return first.box
}

/** The values or the code, with the height of the text around them as far as the picture goes. */
function evidenceBox({
  scene,
  asked: { evidence },
  metrics: { valueCap, width, height },
}: {
  scene: DrawnScene | undefined
  asked: Asked
  metrics: SceneMetrics
}): Box {
  if (scene === undefined) throw new RangeError('expected a scene')
  const boxes =
    evidence.kind === 'code'
      ? [scene.codeBox]
      : scene.valueBoxes.filter((_, index) => evidence.indices.includes(index))
  return unionOfBoxes({ boxes, margin: Math.round(valueCap * 0.6), width, height })
}

function sizeOf({ width, height }: SceneMetrics): { width: number; height: number } {
  return { width, height }
}
