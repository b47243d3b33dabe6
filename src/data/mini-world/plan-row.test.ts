import { expect, test } from '@jest/globals'
import { TRANSFORMS } from '../../core/transform.js'
import { parseMiniWorldConfig } from './mini-world-config.js'
import { planRow } from './plan-row.js'
import { KINDS, STYLES } from './vocabulary.js'

const config = parseMiniWorldConfig({ seed: 'plan', rows: 600 })
const plans = Array.from({ length: 600 }, (_, index) => planRow({ config, index }))

test('every orientation, style, kind and family comes equally often', () => {
  for (const transform of TRANSFORMS)
    expect(plans.filter((plan) => plan.transform === transform)).toHaveLength(100)
  for (const style of STYLES) expect(plans.filter((plan) => plan.style === style)).toHaveLength(100)
  for (const kind of KINDS) expect(plans.filter((plan) => plan.kind === kind)).toHaveLength(120)
  expect(plans.filter(({ family }) => family === 'find')).toHaveLength(300)
})

test('choices are independent of each other', () => {
  const met = new Set(plans.map(({ style, transform }) => `${style} ${transform}`))
  expect(met.size).toBe(STYLES.length * TRANSFORMS.length)
})

test('about as many rows are spoilt as was asked for, and only compared or added rows have two pictures', () => {
  const spoilt = plans.filter(({ corruption }) => corruption !== null).length
  // Four standard deviations of a binomial with n = 600 and p = 0.25.
  expect(Math.abs(spoilt - 150)).toBeLessThan(43)
  expect(new Set(plans.filter(({ isPair }) => isPair).map(({ kind }) => kind))).toEqual(
    new Set(['compare', 'sum']),
  )
})
