import { createCanvas } from '../../demo/canvas.js'
import { capText } from '../cap-text.js'
import { drawValue } from '../draw-value.js'
import type { DrawStyle } from './draw-style.js'
import { rowPlaces } from './row-places.js'

/** A dark sign on a wall: places and room numbers in light letters. */
export const drawSign: DrawStyle = ({ random, content, metrics }) => {
  const { width, height, unit, headingCap, labelCap, valueCap, jitter } = metrics
  const canvas = createCanvas({ width, height, background: random.pick(['#c9c4ba', '#d8d3cf', '#b7bfc4']) })
  const margin = Math.round(8 * unit)
  canvas.rectangle([margin, margin, width - margin, height - margin], {
    fill: random.pick(['#12324f', '#1d3b2a', '#3a2430', '#2b2b33']),
    stroke: '#e8e4d8',
    radius: 5 * unit,
  })
  const [left, right] = [Math.round(2.5 * margin), Math.round(width - 2.5 * margin)]
  const text = { canvas, font: 'roboto', colour: '#f6f6f0' } as const
  const headingY = Math.round(margin + 1.9 * headingCap)
  const centred = { ...text, x: width / 2, align: 'centre' } as const
  capText({ ...centred, font: 'roboto-bold', text: 'DIRECTORY', y: headingY, cap: headingCap })
  const [top, bottom] = [headingY + 0.5 * headingCap, height - margin - 2.2 * valueCap]
  const { baselines } = rowPlaces({ random, count: content.items.length, top, bottom, cap: labelCap, jitter })
  const valueBoxes = content.items.map(({ label, value }, row) => {
    const y = baselines[row] ?? 0
    capText({ ...text, text: label, x: left, y, cap: labelCap, maxWidth: (right - left) * 0.55 })
    return drawValue({
      ...text,
      value,
      write: String,
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
    y: height - margin - 0.8 * valueCap,
    cap: valueCap,
  })
  return { canvas, valueBoxes, codeBox }
}
