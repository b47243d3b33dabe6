import { describe, expect, test } from '@jest/globals'
import { boxSignal } from './box-signal.js'

const target = [0, 0, 10, 10]
const graded = (crop: number[]): number => boxSignal({ signal: 'graded', target, crop })
const iou = (crop: number[]): number => boxSignal({ signal: 'iou', target, crop })
const slid = (by: number): number[] => [by, 0, 10 + by, 10]

describe('boxSignal', () => {
  test('numbers by hand', () => {
    expect(iou(slid(5))).toBe(50 / 150)
    // IoU 1/3, same size, half of the target shown, hull equals union.
    expect(graded(slid(5))).toBeCloseTo(1 / 3 + 0.25 * (2 / 3) * ((1 / 2 + 1) / 2), 12)
    // Touching: (0 + 1) / 2. One width away: union 200, hull 300.
    expect(graded(slid(10))).toBeCloseTo(0.125, 12)
    expect(graded(slid(20))).toBeCloseTo((0.25 * (2 / 3) ** 2) / 2, 12)
  })

  test('only the target itself earns everything', () => {
    expect(graded(target)).toBe(1)
    expect(iou(target)).toBe(1)
    expect(graded([0, 0, 10, 9.99])).toBeLessThan(1)
  })

  test('a crop that slides away earns less with every step, on either side', () => {
    const grades = Array.from({ length: 400 }, (_, step) => graded(slid(step / 8)))
    expect(grades.every((grade, step) => step === 0 || grade < (grades[step - 1] ?? 0))).toBe(true)
    expect(grades.map((_, step) => graded(slid(-step / 8)))).toEqual(grades)
  })

  test('the whole image, a sliver and nothing earn next to nothing', () => {
    expect(graded([-500, -500, 500, 500])).toBeLessThan(0.003)
    expect(graded([10, 0, 10.001, 10])).toBeLessThan(0.002)
    for (const nothing of [
      [5, 5, 5, 5],
      [10, 10, 0, 0],
      [],
      [0, 0, 10],
      [Number.NaN, 0, 10, 10],
      [0, 0, Infinity, 10],
    ]) {
      expect([graded(nothing), iou(nothing)]).toEqual([0, 0])
    }
  })
})
