import { expect, test } from '@jest/globals'
import { rolloutFigures, rolloutTable } from './figures.js'

const spent = (wallMs: number) => ({ wallMs, cpuMs: 2 * wallMs, turns: 10 })

test('the middle round counts, encoding is what it takes beyond prepared images', () => {
  const figures = rolloutFigures({
    'controller, images prepared': [spent(900), spent(5), spent(4)],
    'controller, images encoded': [spent(25)],
  })
  expect(figures.perTurn).toEqual({ overhead: 0.5, encoding: 2, beyondSandbox: null })
  expect(figures.rows[0]).toMatchObject({ wallMsPerTurn: 0.5, cpuMsPerTurn: 1, rounds: 3 })
  const table = rolloutTable({ ...figures, concurrency: 2, turns: 5, size: 8 })
  expect(table).toContain('| controller, images encoded | 2.500 | 5.000 |')
  expect(table).toMatch(/^reached {2}controller's overhead of a turn: 0\.500 ms/m)
})

test('a goal that is missed is said to be', () => {
  const figures = rolloutFigures({ 'controller, images prepared': [spent(20)] })
  expect(rolloutTable({ ...figures, concurrency: 2, turns: 5, size: 8 })).toContain('MISSED')
})
