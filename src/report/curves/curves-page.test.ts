import { expect, test } from '@jest/globals'
import type { TrainingCurves } from '../training-curves.js'
import { binnedCurve } from './binned-curve.js'
import { curvesPage } from './curves-page.js'

test('a curve of many steps is one of means, and steps without a value are in none', () => {
  const steps = [1, 2, 3, 4, 5, 6]
  expect(binnedCurve({ steps, values: [1, null, 3, 5, 7, 9], most: 3 })).toEqual([
    { step: 3, value: 2 },
    { step: 5, value: 6 },
    { step: 6, value: 9 },
  ])
  expect(binnedCurve({ steps, values: [1, null, 3, 5, 7, 9], most: 5 })).toHaveLength(5)
})

const base: TrainingCurves = {
  steps: [1, 2, 3],
  figures: [
    ['loss', [2, 1, 0.5]],
    ['loss/places', [2, 1, 0.5]],
    ['loss/<digits>', [null, 1.5, 0]],
    ['accuracy/places', [null, null, 0.25]],
  ],
}
const rl: TrainingCurves = {
  steps: [1, 2],
  figures: [
    ['reward/total', [0.5, 0.75]],
    ['turns', [2, 3]],
  ],
}

/** The text of each figure of a page. */
function figuresOf(html: string): string[] {
  return [...html.matchAll(/src="data:image\/svg\+xml;base64,([^"]+)"/g)].map(([, text = '']) =>
    Buffer.from(text, 'base64').toString(),
  )
}

test('each stage has the panels that it has figures for, one line a curve, and nothing of a run is markup', async () => {
  const html = await curvesPage({
    title: 'mini & co',
    stages: [
      { name: 'base', about: '3 steps', curves: base },
      { name: 'rl', about: '2 steps', curves: rl },
    ],
  })
  expect(html).toContain('<title>mini &amp; co</title>')
  expect([...html.matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, title]) => title)).toEqual([
    'Loss by task: −log p of a token',
    'Measured on new samples: right as a whole',
    'Rewards',
    'Turns and calls of a rollout',
  ])
  expect(html).toContain('alt="Rewards: total from 0.5 to 0.75"')
  expect(html).not.toContain('<digits>')
  const [losses = '', ...others] = figuresOf(html)
  expect(others).toHaveLength(3)
  expect(losses).toMatch(/^<svg [^>]*xmlns=/)
  const lines = losses.match(/aria-label="line">[\s\S]*?<\/g>/)?.[0] ?? ''
  expect(lines.match(/<path /g)).toHaveLength(2)
})
