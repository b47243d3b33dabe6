import type { Box } from '../../../core/transform.js'
import { createCanvas } from '../../demo/canvas.js'
import { capText } from '../cap-text.js'
import { drawValue } from '../draw-value.js'
import { CARD_COLOURS, CARD_COLUMNS } from '../scene-content.js'
import type { DrawStyle } from './draw-style.js'

const LIGHT = ['yellow', 'orange', 'pink', 'white']

/** Coloured cards on a board, each with a value somewhere on it; a banner tells which way is up. */
export const drawCards: DrawStyle = ({ random, content, metrics }) => {
  const { width, height, unit, headingCap, valueCap, jitter } = metrics
  const canvas = createCanvas({
    width,
    height,
    background: random.pick(['#8a7967', '#5e6b70', '#b9ad98', '#6c7a5c']),
  })
  const banner = Math.round(headingCap * 2.2)
  canvas.rectangle([0, 0, width, banner], { fill: '#20242b' })
  const heading = { x: width / 2, y: banner / 2 + headingCap / 2, maxWidth: width * 0.9 }
  const title = { canvas, font: 'roboto-bold', colour: '#ffffff', align: 'centre' } as const
  capText({ ...title, text: 'THIS SIDE UP', ...heading, cap: headingCap })

  const foot = Math.round(height - valueCap * 2.4)
  canvas.rectangle([0, foot, width, height], { fill: '#ece7da' })
  const rows = Math.ceil(content.items.length / CARD_COLUMNS)
  const [cellWidth, cellHeight] = [width / CARD_COLUMNS, (foot - banner) / rows]
  const [cardWidth, cardHeight] = [Math.round(cellWidth * 0.8), Math.round(cellHeight * 0.8)]
  const off = (room: number): number => Math.round((room * jitter * random.integer(-90, 90)) / 200)
  const valueBoxes = content.items.map(({ label, value }, index): Box => {
    const left = Math.round(((index % CARD_COLUMNS) + 0.1) * cellWidth) + off(cellWidth * 0.2)
    const top =
      Math.round(banner + (Math.floor(index / CARD_COLUMNS) + 0.1) * cellHeight) + off(cellHeight * 0.2)
    const shadow = Math.round(unit * 1.5)
    canvas.rectangle([left + shadow, top + shadow, left + cardWidth + shadow, top + cardHeight + shadow], {
      fill: '#2b2b2b',
      radius: 4 * unit,
    })
    canvas.rectangle([left, top, left + cardWidth, top + cardHeight], {
      fill: CARD_COLOURS[label as keyof typeof CARD_COLOURS],
      radius: 4 * unit,
    })
    // A value is about four capitals wide at most.
    const [roomX, roomY] = [Math.max(0, cardWidth - 7 * valueCap), Math.max(0, cardHeight - 3 * valueCap)]
    return drawValue({
      canvas,
      value,
      write: String,
      metrics,
      maxWidth: cardWidth * 0.9,
      x: left + cardWidth / 2 + off(roomX),
      y: top + cardHeight / 2 + valueCap / 2 + off(roomY),
      font: 'roboto-bold',
      colour: LIGHT.includes(label) ? '#1a1a1a' : '#ffffff',
      align: 'centre',
    })
  })
  const codeBox = capText({
    canvas,
    text: content.code,
    x: width - 6 * unit,
    y: height - valueCap * 0.7,
    cap: valueCap,
    font: 'roboto-bold',
    colour: '#101010',
    align: 'right',
  })
  return { canvas, valueBoxes, codeBox }
}
