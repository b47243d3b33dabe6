import { BOARD_SIDE } from './board-layout.js'
import type { BoardConfig } from './board-config.js'
import { glyphMask, type GlyphMask } from './glyph-mask.js'
import type { Family } from '../mini-world/vocabulary.js'

/** What is written on boards, drawn once. */
export interface BoardGlyphs {
  readonly banner: GlyphMask
  /** Digits 0 to 9. */
  readonly digits: Readonly<Record<Family, readonly GlyphMask[]>>
}

/** Chosen so that half a turn, and a mirror, make another text of it. */
const BANNER = { text: 'THIS SIDE UP', cap: 48 } as const
const FONT = 'roboto-bold'

/** Draw the letters and digits of boards. */
export async function boardGlyphs({
  view,
  findHeight,
  readHeight,
}: Pick<BoardConfig, 'view' | 'findHeight' | 'readHeight'>): Promise<BoardGlyphs> {
  const unit = BOARD_SIDE / view
  const digits = (height: number): Promise<GlyphMask[]> =>
    Promise.all(
      Array.from({ length: 10 }, (_, digit) =>
        glyphMask({ text: String(digit), font: FONT, cap: Math.round(height * unit) }),
      ),
    )
  const [banner, read, find] = await Promise.all([
    glyphMask({ ...BANNER, font: FONT }),
    digits(readHeight),
    digits(findHeight),
  ])
  return { banner, digits: { read, find } }
}
