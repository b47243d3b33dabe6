// What readers that are told which way is up and where to look answer where an answer must be worked out: they count dots, and compare or add two values, in the view that the model has and in the original.
import { drawTask } from '../../dist/data/mini-world/draw-task.js'
import { parseMiniWorldConfig } from '../../dist/data/mini-world/mini-world-config.js'
import { sceneMetrics } from '../../dist/data/mini-world/scene-metrics.js'
import { STYLE_WORDS } from '../../dist/data/mini-world/style-words.js'
import { createOcrPool } from '../../dist/policies/tesseract/ocr-pool.js'
import { contrastOf, countByInk, countParts } from './count-dots.mjs'
import { enlarged, viewOf } from './evidence-view.mjs'

export const DERIVED_KINDS = ['count', 'compare', 'sum']
/** Of a box around one value, in heights of its text. */
const VALUE_HEIGHT = 2.2
/** Of dots, in the middle, as a share of the distance between them. */
const DOT_RADIUS = 0.29

/** Rows of a family and kind, and how many were answered rightly; of `count`, by either way in the view. */
export async function readDerived({ family, kind, rows, seed, view }) {
  const config = parseMiniWorldConfig({ seed, view, families: [family], kinds: [kind], corrupted: 0, pairs: 0, transforms: ['none'] })
  const right = { rows, view: 0, original: 0 }
  const pool = createOcrPool({ size: 2 })
  try {
    for (let index = 0; index < rows; index++) {
      const { plan, answer, box, pictures } = await drawTask({ config, index })
      const bytes = pictures[0].given
      const metrics = sceneMetrics({ config, family, style: plan.style })
      const seen = await viewOf({ bytes, box, view })
      if (kind === 'count') {
        const dotArea = Math.PI * (DOT_RADIUS * metrics.dotPitch * seen.scale) ** 2
        const contrast = await contrastOf({ bytes, box })
        const inView = [await countParts(seen), await countByInk({ ...seen, contrast, dotArea })]
        if (inView[0] === Number(answer)) right.view++
        if (inView[1] === Number(answer)) right['view, by ink'] = (right['view, by ink'] ?? 0) + 1
        if ((await countParts({ bytes, box })) === Number(answer)) right.original++
        continue
      }
      const height = VALUE_HEIGHT * metrics.valueCap
      const style = STYLE_WORDS[plan.style]
      for (const [name, picture, high] of [
        ['view', seen, height * seen.scale],
        ['original', { bytes, box }, height],
      ])
        if ((await workedOut({ picture, height: high, kind, style, pool })) === answer) right[name]++
    }
  } finally {
    await pool.close()
  }
  return right
}

/** Of two values of which one stands above the other. */
async function workedOut({ picture: { bytes, box }, height, kind, style, pool }) {
  const [left, top, right, bottom] = box
  const values = []
  for (const part of [
    [left, top, right, Math.min(bottom, Math.ceil(top + height))],
    [left, Math.max(top, Math.floor(bottom - height)), right, bottom],
  ]) {
    const words = await pool.read({ image: await enlarged({ bytes, box: part, height: 60 }), layout: 'block' })
    const digits = words.map(({ text }) => text).join('').replace(/\D/g, '')
    values.push(digits === '' ? null : Number(digits))
  }
  const [a, b] = values
  if (a === null || b === null) return null
  return style.write(kind === 'sum' ? a + b : Math.max(a, b))
}
