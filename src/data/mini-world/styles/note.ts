import { createCanvas } from '../../demo/canvas.js'
import { capText } from '../cap-text.js'
import { drawValue } from '../draw-value.js'
import type { DrawStyle } from './draw-style.js'
import { rowPlaces } from './row-places.js'

/** A note on ruled paper in a handwriting face, no two lines quite alike. */
export const drawNote: DrawStyle = ({ random, content, metrics }) => {
  const { width, height, unit, headingCap, labelCap, valueCap, jitter } = metrics
  const canvas = createCanvas({ width, height, background: random.pick(['#fffdf2', '#fdf6d8', '#f2f6fb']) })
  const margin = Math.round(width * 0.1)
  const text = {
    canvas,
    font: random.pick(['caveat', 'patrick-hand'] as const),
    colour: random.pick(['#1d2f6f', '#222222', '#4a1f1f']),
  } as const
  const headingY = Math.round(2 * headingCap)
  const [top, bottom] = [headingY + 0.6 * headingCap, height - 2.4 * valueCap]
  const { baselines } = rowPlaces({ random, count: content.items.length, top, bottom, cap: labelCap, jitter })
  for (let y = Math.round(top); y < height; y += Math.round(9 * unit))
    canvas.line({ from: [0, y], to: [width, y] }, '#c4d4e4')
  canvas.line({ from: [margin - 2 * unit, 0], to: [margin - 2 * unit, height] }, '#e3a1a1')
  const off = (room: number): number => (room * random.integer(-100, 100)) / 100

  capText({
    ...text,
    text: `List for ${content.heading}`,
    x: margin + 4 * unit,
    y: headingY,
    cap: headingCap,
    maxWidth: width - margin - 8 * unit,
  })
  const valueBoxes = content.items.map(({ label, value }, row) => {
    const y = baselines[row] ?? 0
    const cap = labelCap * (1 + off(0.06))
    capText({ ...text, text: label, x: margin + 3 * unit + off(2 * unit), y, cap, maxWidth: width * 0.42 })
    return drawValue({
      ...text,
      value,
      write: String,
      metrics,
      maxWidth: width * 0.34,
      x: width * 0.6 + off(jitter * 0.04 * width),
      y: y + off(0.2 * valueCap),
    })
  })
  const codeBox = capText({
    ...text,
    text: content.code,
    x: width - 5 * unit,
    y: height - 0.8 * valueCap,
    cap: valueCap,
    align: 'right',
  })
  return { canvas, valueBoxes, codeBox }
}
