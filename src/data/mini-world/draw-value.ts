import type { Box } from '../../core/transform.js'
import type { Canvas, TextStyle } from '../demo/canvas.js'
import { capText } from './cap-text.js'
import { DOT_COLUMNS, DOT_ROWS, type ItemValue } from './scene-content.js'
import type { SceneMetrics } from './scene-metrics.js'

/** Write a number on the baseline `y`, or draw dots about its middle; the box of dots is that of all their places, however many they are. */
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
  if (value.kind === 'number')
    return capText({ canvas, text: write(value.number), x, y, cap, maxWidth, ...style })
  const pitch = Math.min(dotPitch, maxWidth / DOT_COLUMNS)
  const left = x - DOT_COLUMNS * pitch * { left: 0, centre: 0.5, right: 1 }[style.align ?? 'left']
  const top = y - cap / 2 - (DOT_ROWS * pitch) / 2
  const radius = value.radius * pitch
  for (const cell of value.cells) {
    const centreX = left + ((cell % DOT_COLUMNS) + 0.5) * pitch
    const centreY = top + (Math.floor(cell / DOT_COLUMNS) + 0.5) * pitch
    const dotBox: Box = [
      tenth(centreX - radius),
      tenth(centreY - radius),
      tenth(centreX + radius),
      tenth(centreY + radius),
    ]
    canvas.rectangle(dotBox, { fill: style.colour, radius: tenth(radius) })
  }
  return [
    Math.floor(left),
    Math.floor(top),
    Math.ceil(left + DOT_COLUMNS * pitch),
    Math.ceil(top + DOT_ROWS * pitch),
  ]
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10
}
