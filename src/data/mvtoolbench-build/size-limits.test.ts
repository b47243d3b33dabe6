import { expect, test } from '@jest/globals'
import type { Box } from '../../core/transform.js'
import { sizeProblem } from './size-limits.js'

/** 2 Mpx: 0.01 % are 200 pixels. The view of 0.5 Mpx halves each side. */
const image = { width: 2000, height: 1000 }
const limits = { maxArea: 0.0001, minHeight: 8, viewPixels: 500_000 }

const problem = (boxes: Box[], { height = 10, isOneRegion = true, viewPixels = limits.viewPixels } = {}) =>
  sizeProblem({
    evidence: boxes.map((box) => ({ text: '', bare: '', keys: [], box, height })),
    isOneRegion,
    image,
    limits: { ...limits, viewPixels },
  })

test('one region may take as much of the image as the limit, not a pixel more', () => {
  expect(problem([[0, 0, 20, 10]])).toBeNull()
  expect(problem([[0, 0, 21, 10]])).toBe('text larger than the limit')
})

test('the words of one answer count together, the words that are counted each on its own', () => {
  const boxes: Box[] = [
    [0, 0, 15, 10],
    [20, 0, 35, 10],
  ]
  expect(problem(boxes)).toBe('text larger than the limit')
  expect(problem(boxes, { isOneRegion: false })).toBeNull()
})

test('what is counted must stand within a hundred times the limit', () => {
  const apart = (bottom: number): Box[] => [
    [0, 0, 20, 10],
    [180, bottom - 10, 200, bottom],
  ]
  expect(problem(apart(100), { isOneRegion: false })).toBeNull()
  expect(problem(apart(101), { isOneRegion: false })).toBe('evidence too far apart')
})

test('text that is still high enough in the view needs no crop', () => {
  expect(problem([[0, 0, 10, 16]], { height: 15.9 })).toBeNull()
  expect(problem([[0, 0, 10, 16]], { height: 16 })).toBe('readable in the view')
  expect(problem([[0, 0, 10, 16]], { height: 16, viewPixels: 0 })).toBeNull()
  // A view that is larger than the image does not enlarge it.
  expect(problem([[0, 0, 10, 9]], { height: 7.9, viewPixels: 9_000_000 })).toBeNull()
})
