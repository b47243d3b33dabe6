import { expect, test } from '@jest/globals'
import type { Box } from '../../core/transform.js'
import { createRandom } from '../../data/demo/random.js'
import { looseWindow } from './zoom-window.js'

const CARDS: readonly Box[] = [
  [0, 0, 64, 64],
  [224, 160, 288, 224],
  [448, 448, 512, 512],
]

test.each(CARDS.map((card) => [card] as const))(
  'a loose window has the card %j in it, is larger, and stays on the board',
  (card) => {
    const random = createRandom({ seed: card.join() })
    const windows = Array.from({ length: 200 }, () => looseWindow({ card, random }))
    for (const [left, top, right, bottom] of windows) {
      expect(left <= card[0] && top <= card[1] && right >= card[2] && bottom >= card[3]).toBe(true)
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0)
      expect(Math.max(right, bottom)).toBeLessThanOrEqual(512)
      expect([96, 128]).toContain(right - left)
      expect(bottom - top).toBe(right - left)
    }
    expect(new Set(windows.map((window) => window.join())).size).toBeGreaterThan(1)
  },
)
