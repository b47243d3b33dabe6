import { createCanvas } from '../../demo/canvas.js'
import { capText } from '../cap-text.js'
import { drawValue } from '../draw-value.js'
import type { DrawStyle } from './draw-style.js'
import { rowPlaces } from './row-places.js'

/** A ruled table: names by months. */
export const drawTable: DrawStyle = ({ random, content, metrics }) => {
  const { width, height, unit, headingCap, labelCap, valueCap, jitter } = metrics
  const canvas = createCanvas({ width, height, background: random.pick(['#ffffff', '#f7f7f2', '#eef3f7']) })
  const margin = Math.round(8 * unit)
  const text = { canvas, font: 'dejavu', colour: '#222222' } as const
  const headingY = margin + headingCap
  capText({
    ...text,
    font: 'dejavu-bold',
    text: `Visitors of ${content.heading}`,
    x: margin,
    y: headingY,
    cap: headingCap,
    maxWidth: width - 2 * margin,
  })

  const columns = [...new Set(content.items.map(({ column }) => column ?? ''))]
  const labels = [...new Set(content.items.map(({ label }) => label))]
  const columnWidth = (width * 0.62 - margin) / columns.length
  const rightOf = (column: number): number =>
    Math.round(width - margin - (columns.length - 1 - column) * columnWidth)
  const columnY = Math.round(headingY + 2.2 * labelCap)
  columns.forEach((column, at) => {
    capText({
      ...text,
      font: 'dejavu-bold',
      text: column,
      x: rightOf(at),
      y: columnY,
      cap: labelCap,
      align: 'right',
      maxWidth: columnWidth * 0.85,
    })
  })
  const [top, bottom] = [columnY + 0.5 * labelCap, height - 2.4 * valueCap]
  const { baselines, pitch } = rowPlaces({
    random,
    count: labels.length,
    top,
    bottom,
    cap: labelCap,
    jitter: jitter / 3,
  })
  labels.forEach((label, row) => {
    const line = Math.round(top + row * pitch)
    if (random.integer(0, 3) > 0) canvas.line({ from: [margin, line], to: [width - margin, line] }, '#8c8c8c')
    capText({
      ...text,
      text: label,
      x: margin,
      y: baselines[row] ?? 0,
      cap: labelCap,
      maxWidth: width * 0.34,
    })
  })
  const valueBoxes = content.items.map(({ label, column, value }) =>
    drawValue({
      ...text,
      value,
      write: String,
      metrics,
      maxWidth: columnWidth * 0.85,
      x: rightOf(columns.indexOf(column ?? '')),
      y: baselines[labels.indexOf(label)] ?? 0,
      align: 'right',
    }),
  )
  const codeBox = capText({
    ...text,
    text: content.code,
    x: margin,
    y: height - 0.8 * valueCap,
    cap: valueCap,
  })
  return { canvas, valueBoxes, codeBox }
}
