import type { Box } from '../../core/transform.js'
import { createCanvas } from './canvas.js'
import type { DrawScene } from './scene.js'
import { makeCodes, makeNames } from './words.js'

const PAPERS = ['#f7e7a9', '#cfe6d0', '#cfdff2', '#f3d3c9', '#e4d6ef', '#ffffff']
const COLUMNS = 3
const ROWS = 4

/** Name badges on a board, a code under each name; asks for the code under one name. */
export const drawBadges: DrawScene = ({ random }) => {
  const canvas = createCanvas({ width: 1240, height: 960, background: '#8d7b68' })
  const names = makeNames({ random, count: COLUMNS * ROWS })
  const codes = makeCodes({ random, count: COLUMNS * ROWS })
  const chosen = random.integer(0, names.length - 1)
  const ink = '#17202a'
  let box: Box = [0, 0, 0, 0]

  names.forEach((name, index) => {
    const left = 60 + (index % COLUMNS) * 390 + random.integer(-20, 20)
    const top = 45 + Math.floor(index / COLUMNS) * 230 + random.integer(-12, 12)
    const card: Box = [left, top, left + 320, top + 180]
    canvas.rectangle(card, { fill: random.pick(PAPERS), stroke: ink, radius: 10 })
    canvas.text(
      name,
      { x: left + 160, y: top + 75 },
      { font: 'roboto-bold', size: 42, colour: ink, align: 'centre' },
    )
    canvas.text(
      codes[index] ?? '',
      { x: left + 160, y: top + 135 },
      { font: 'roboto', size: 28, colour: ink, align: 'centre' },
    )
    if (index === chosen) box = card
  })
  return {
    kind: 'badges',
    canvas,
    question: `Which code is written directly below the name '${names[chosen] ?? ''}'?`,
    answer: codes[chosen] ?? '',
    box,
  }
}
