import type { Box } from '../../core/transform.js'
import type { Canvas } from './canvas.js'
import type { Random } from './random.js'

/** One drawn page with one question about it. */
export interface Scene {
  kind: 'receipt' | 'badges' | 'directory' | 'timetable'
  canvas: Canvas
  question: string
  answer: string
  /** Region that holds the evidence. */
  box: Box
}

export type DrawScene = (parameters: { random: Random }) => Scene
