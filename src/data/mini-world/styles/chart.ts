import { createCanvas } from '../../demo/canvas.js'
import { capText } from '../cap-text.js'
import { drawValue } from '../draw-value.js'
import type { DrawStyle } from './draw-style.js'
import { rowPlaces } from './row-places.js'

/** A bar chart with its numbers at the ends of the bars; where things are to be counted, a pictogram of dots. */
export const drawChart: DrawStyle = ({ random, content, metrics }) => {
  const { width, height, unit, headingCap, labelCap, valueCap, jitter } = metrics
  const canvas = createCanvas({ width, height, background: random.pick(['#ffffff', '#fbf8f1']) })
  const margin = Math.round(8 * unit)
  const text = { canvas, font: 'roboto', colour: '#262626' } as const
  const headingY = margin + headingCap
  capText({
    ...text,
    font: 'roboto-bold',
    text: `Sales of ${content.heading}`,
    x: margin,
    y: headingY,
    cap: headingCap,
    maxWidth: width - 2 * margin,
  })
  const axis = Math.round(width * 0.36)
  const [top, bottom] = [headingY + headingCap * 0.7, height - 2.4 * valueCap]
  const { baselines, pitch } = rowPlaces({
    random,
    count: content.items.length,
    top,
    bottom,
    cap: labelCap,
    jitter: jitter / 3,
  })
  canvas.line({ from: [axis, Math.round(top)], to: [axis, Math.round(bottom)] }, '#444444')

  const numbers = content.items.map(({ value }) => (value.kind === 'number' ? value.number : 0))
  const longest = width - margin - axis - Math.max(5 * valueCap, 0.22 * width)
  const fill = random.pick(['#4c78a8', '#59a14f', '#e15759', '#b07aa1', '#f28e2b'])
  const valueBoxes = content.items.map(({ label, value }, row) => {
    const y = baselines[row] ?? 0
    capText({
      ...text,
      text: label,
      x: axis - 3 * unit,
      y,
      cap: labelCap,
      align: 'right',
      maxWidth: axis - margin - 3 * unit,
    })
    const length =
      value.kind === 'number' ? Math.round((longest * value.number) / Math.max(1, ...numbers)) : 0
    const middle = y - labelCap / 2
    if (length > 0)
      canvas.rectangle(
        [axis, Math.round(middle - pitch * 0.3), axis + length, Math.round(middle + pitch * 0.3)],
        { fill },
      )
    return drawValue({
      ...text,
      value,
      write: String,
      metrics,
      maxWidth: width - margin - axis - length - 2 * unit,
      x: axis + length + 2 * unit,
      y: Math.round(middle + valueCap / 2),
    })
  })
  const codeBox = capText({
    ...text,
    text: content.code,
    x: width - margin,
    y: height - 0.8 * valueCap,
    cap: valueCap,
    align: 'right',
  })
  return { canvas, valueBoxes, codeBox }
}
