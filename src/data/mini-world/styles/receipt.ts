import { createCanvas } from '../../demo/canvas.js'
import { capText } from '../cap-text.js'
import { drawValue } from '../draw-value.js'
import { STYLE_WORDS } from '../style-words.js'
import type { DrawStyle } from './draw-style.js'
import { rowPlaces } from './row-places.js'

/** A till receipt on a desk: a line for each name, amounts at the right. */
export const drawReceipt: DrawStyle = ({ random, content, metrics }) => {
  const { width, height, unit, headingCap, labelCap, valueCap, jitter } = metrics
  const canvas = createCanvas({
    width,
    height,
    background: random.pick(['#4b5a66', '#6b5648', '#53614e', '#3f3a4a']),
  })
  const margin = Math.round(8 * unit)
  canvas.rectangle([margin, margin, width - margin, height - margin], {
    fill: random.pick(['#fdfcf7', '#ffffff', '#f8f4e6']),
  })
  const [left, right] = [2 * margin, width - 2 * margin]
  const text = { canvas, font: 'dejavu', colour: '#1c1c1c' } as const
  const centred = { ...text, x: width / 2, align: 'centre', maxWidth: right - left } as const

  const headingY = Math.round(margin + 2 * headingCap)
  capText({
    ...centred,
    font: 'dejavu-bold',
    text: `${content.heading} Stores`,
    y: headingY,
    cap: headingCap,
  })
  const [top, bottom] = [Math.round(headingY + headingCap), Math.round(height - margin - 3.2 * valueCap)]
  const colour = '#5c5c5c'
  for (const y of [top, bottom]) canvas.line({ from: [left, y], to: [right, y] }, colour)
  const { baselines } = rowPlaces({ random, count: content.items.length, top, bottom, cap: labelCap, jitter })
  const valueBoxes = content.items.map(({ label, value }, row) => {
    const y = baselines[row] ?? 0
    capText({ ...text, text: label, x: left, y, cap: labelCap, maxWidth: (right - left) * 0.55 })
    return drawValue({
      ...text,
      value,
      write: STYLE_WORDS.receipt.write,
      metrics,
      maxWidth: (right - left) * 0.42,
      x: right,
      y,
      align: 'right',
    })
  })
  const codeBox = capText({
    ...centred,
    text: content.code,
    y: height - margin - 1.2 * valueCap,
    cap: valueCap,
  })
  return { canvas, valueBoxes, codeBox }
}
