import type { Box } from '../../core/transform.js'
import { STYLE_WORDS } from '../mini-world/style-words.js'
import { mapBox } from '../transforms/map-box.js'
import { requiredToolsFor } from '../transforms/required-tools.js'
import { transformPixels, type PixelImage } from '../transforms/transform-pixels.js'
import type { BoardConfig } from './board-config.js'
import type { BoardGlyphs } from './board-glyphs.js'
import { drawBoard } from './draw-board.js'
import { planBoard, type BoardPlan } from './plan-board.js'

/** A question about a board. */
export interface BoardTask {
  readonly plan: BoardPlan
  readonly question: string
  readonly answer: string
  /** Where the evidence stands in the picture as given. */
  readonly box: Box
  readonly requiredTools: readonly string[]
  /** Upright, RGB. */
  readonly canonical: PixelImage
  /** What the model is given: the canonical one, transformed. */
  given(): Promise<PixelImage>
}

/** Draw a question about a board: of a configuration, `index` is the same wherever and whenever it is drawn. */
export function boardTask({
  config,
  glyphs,
  index,
}: {
  config: BoardConfig
  glyphs: BoardGlyphs
  index: number
}): BoardTask {
  const plan = planBoard({ config, index })
  const { family, transform, asked } = plan
  const canonical = drawBoard({ plan, glyphs })
  return {
    plan,
    question: boardQuestion(asked.colour),
    answer: asked.number,
    box: mapBox({ box: asked.box, transform, width: canonical.width, height: canonical.height }),
    requiredTools: requiredToolsFor({ transform, needsCrop: family === 'find' }),
    canonical,
    given: async () => (transform === 'none' ? canonical : transformPixels({ image: canonical, transform })),
  }
}

/** As the mini world asks for the number of a card. */
export function boardQuestion(colour: string): string {
  return `${STYLE_WORDS.cards.which} ${STYLE_WORDS.cards.at({ label: colour, column: null })}?`
}
