import { expect, test } from '@jest/globals'
import { createCanvas } from '../demo/canvas.js'
import { createRandom } from '../demo/random.js'
import { drawValue } from './draw-value.js'
import { parseMiniWorldConfig } from './mini-world-config.js'
import { fillContent, outlineContent } from './scene-content.js'
import { sceneMetrics } from './scene-metrics.js'

test('dots are as many as the answer says, and take the same box, with more or less ink, however many they are', () => {
  const config = parseMiniWorldConfig({})
  const metrics = sceneMetrics({ config, family: 'find', style: 'sign' })
  const random = createRandom({ seed: 'dots' })
  const outline = outlineContent({ random, style: 'sign', count: 8 })
  const boxes = new Set<string>()
  const counts = new Set<number>()
  const inks: { count: number; ink: number }[] = []
  for (let scene = 0; scene < 20; scene++)
    for (const { value } of fillContent({ random, outline, kind: 'count', digits: 3 }).items) {
      if (value.kind !== 'dots') throw new TypeError('expected dots')
      const canvas = createCanvas({ width: 1000, height: 1000, background: '#fff' })
      const place = { x: 500, y: 500, maxWidth: 900, font: 'roboto', colour: '#000000' } as const
      boxes.add(String(drawValue({ canvas, value, write: String, metrics, ...place })))
      const count = value.cells.length
      counts.add(count)
      inks.push({ count, ink: count * value.radius ** 2 })
      // The ground is a rectangle too.
      expect(canvas.svg().split('<rect').length - 2).toBe(count)
      expect(new Set(value.cells).size).toBe(count)
    }
  expect(boxes.size).toBe(1)
  expect(Math.min(...counts)).toBe(3)
  expect(Math.max(...counts)).toBe(24)
  // More ink does not mean more dots.
  const [dense, sparse] = [inks.filter(({ count }) => count === 12), inks.filter(({ count }) => count === 17)]
  expect(Math.max(...dense.map(({ ink }) => ink))).toBeGreaterThan(Math.min(...sparse.map(({ ink }) => ink)))
})
