import type { Box } from '../../../core/transform.js'
import type { Canvas } from '../../demo/canvas.js'
import type { Random } from '../../demo/random.js'
import type { SceneContent } from '../scene-content.js'
import type { SceneMetrics } from '../scene-metrics.js'

export interface DrawnScene {
  canvas: Canvas
  /** Of each item's value, in the order of the items. */
  valueBoxes: readonly Box[]
  codeBox: Box
}

/** Draws what a scene says, in one style. */
export type DrawStyle = (parameters: {
  random: Random
  content: SceneContent
  metrics: SceneMetrics
}) => DrawnScene
