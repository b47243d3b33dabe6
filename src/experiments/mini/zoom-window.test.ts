import { expect, test } from '@jest/globals'
import { looseWindow } from './zoom-window.js'

test('a loose window has as much more on each side', () => {
  expect(looseWindow([224, 160, 288, 224])).toEqual([192, 128, 320, 256])
})

test('at an edge of the board it is as large, and on the board', () => {
  expect(looseWindow([0, 448, 64, 512])).toEqual([0, 384, 128, 512])
})
