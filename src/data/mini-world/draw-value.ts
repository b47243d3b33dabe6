import type { Box } from '../../core/transform.js'
import type { Canvas, TextStyle } from '../demo/canvas.js'
import { capText } from './cap-text.js'
import type { ItemValue } from './scene-content.js'
import type { SceneMetrics } from './scene-metrics.js'

const DOTS_IN_ROW = 8

/** Write a number on the baseline `y`, or draw dots in rows about its middle. */
export function drawValue({
  canvas,
  value,
  write,
  metrics,
  x,
  y,
  maxWidth,
  ...style
}: Omit<TextStyle, 'size'> & {
  canvas: Canvas
  value: ItemValue
  write: (number: number) => string
  metrics: SceneMetrics
  x: number
  y: number
  /** Room for it: what is wider is drawn smaller. */
  maxWidth: number
}): Box {
  const { valueCap: cap, dotPitch } = metrics
  const pitch = Math.min(dotPitch, maxWidth / DOTS_IN_ROW)
  if (value.kind === 'number')
    return capText({ canvas, text: write(value.number), x, y, cap, maxWidth, ...style })
  const columns = Math.min(value.count, DOTS_IN_ROW)
  const rows = Math.ceil(value.count / DOTS_IN_ROW)
  const left = x - columns * pitch * { left: 0, centre: 0.5, right: 1 }[style.align ?? 'left']
  const top = y - cap / 2 - (rows * pitch) / 2
  const radius = 0.32 * pitch
  for (let dot = 0; dot < value.count; dot++) {
    const centreX = left + ((dot % DOTS_IN_ROW) + 0.5) * pitch
    const centreY = top + (Math.floor(dot / DOTS_IN_ROW) + 0.5) * pitch
    const dotBox: Box = [
      tenth(centreX - radius),
      tenth(centreY - radius),
      tenth(centreX + radius),
      tenth(centreY + radius),
    ]
    canvas.rectangle(dotBox, { fill: style.colour, radius: tenth(radius) })
  }
  return [Math.floor(left), Math.floor(top), Math.ceil(left + columns * pitch), Math.ceil(top + rows * pitch)]
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
