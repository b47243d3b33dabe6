import { expect, test } from '@jest/globals'
import { TRANSFORMS } from '../../core/transform.js'
import { inverseOf } from '../transforms/inverse.js'
import { transformPixels } from '../transforms/transform-pixels.js'
import { parseBoardConfig } from './board-config.js'
import { boardGlyphs } from './board-glyphs.js'
import { boardTask } from './board-task.js'
import { drawBoard } from './draw-board.js'
import { planBoard } from './plan-board.js'

const config = parseBoardConfig({ seed: 'test' })
const glyphs = await boardGlyphs(config)

test('a board is the same whenever it is drawn, and another seed draws another', () => {
  const draw = (seed: string): Uint8Array =>
    boardTask({ config: { ...config, seed }, glyphs, index: 5 }).canonical.data
  expect(Buffer.from(draw('one')).equals(Buffer.from(draw('one')))).toBe(true)
  expect(Buffer.from(draw('one')).equals(Buffer.from(draw('two')))).toBe(false)
})

test('families and transformations come equally often', () => {
  const plans = Array.from({ length: 120 }, (_, index) => planBoard({ config, index }))
  for (const transform of TRANSFORMS)
    expect(plans.filter((plan) => plan.transform === transform)).toHaveLength(20)
  expect(plans.filter(({ family }) => family === 'find')).toHaveLength(60)
})

test('cards stand apart on the grid, in different colours and with different numbers', () => {
  for (let index = 0; index < 60; index++) {
    const { family, cards, asked } = planBoard({ config: { ...config, jitter: 64 }, index })
    expect(cards).toContain(asked)
    const [least, most] = family === 'find' ? config.cards : config.largeCards
    expect(cards.length).toBeGreaterThanOrEqual(least)
    expect(cards.length).toBeLessThanOrEqual(most)
    expect(new Set(cards.map(({ colour }) => colour)).size).toBe(cards.length)
    expect(new Set(cards.map(({ number }) => number)).size).toBe(cards.length)
    expect(cards.flatMap(({ box }) => box.map((side) => side % 64))).toEqual(
      cards.flatMap(() => [0, 0, 0, 0]),
    )
    for (const a of cards)
      for (const b of cards)
        if (a !== b)
          expect(
            a.box[2] <= b.box[0] || b.box[2] <= a.box[0] || a.box[3] <= b.box[1] || b.box[3] <= a.box[1],
          ).toBe(true)
  }
})

test('undoing the transformation gives the upright board', async () => {
  for (let index = 0; index < 6; index++) {
    const { plan, canonical, given } = boardTask({ config, glyphs, index })
    const undone = await transformPixels({ image: await given(), transform: inverseOf(plan.transform) })
    expect(Buffer.from(undone.data).equals(Buffer.from(canonical.data))).toBe(true)
  }
})

test('another number on the card that is asked about changes pixels of its box and no others', () => {
  const { plan, canonical } = boardTask({ config, glyphs, index: 0 })
  const before = canonical.data
  const asked = { ...plan.asked, number: plan.asked.number === '11' ? '22' : '11' }
  const cards = plan.cards.map((card) => (card === plan.asked ? asked : card))
  const after = drawBoard({ plan: { ...plan, cards, asked }, glyphs }).data
  const [left, top, right, bottom] = asked.box
  let within = 0
  for (let at = 0; at < before.length; at++) {
    if (before[at] === after[at]) continue
    const [x, y] = [Math.floor(at / 3) % canonical.width, Math.floor(at / 3 / canonical.width)]
    expect(x >= left && x < right && y >= top && y < bottom).toBe(true)
    within++
  }
  expect(within).toBeGreaterThan(0)
})

test('what is expected of boards is told', () => {
  expect(() => parseBoardConfig({ jitter: 16 })).toThrow(/jitter/)
  expect(() => parseBoardConfig({ cards: [7, 4] })).toThrow(/cards.*least number first/)
})
