import { expect, test } from '@jest/globals'
import { parsePythonJson } from '../../core/python/json.js'
import {
  readBestIoU,
  readCodeCount,
  readExpected,
  readFormat,
  readTarget,
  readTruth,
} from './recorded-fields.js'

const read = parsePythonJson

test('required tools are read from lists, keys and texts', () => {
  const expected = (json: string): string[] => [...readExpected(read(json))]
  expect(expected('["rotate_90", "crop"]')).toEqual(['rotate_270', 'crop'])
  expect(expected('{"crop": null}')).toEqual(['crop'])
  expect(expected('"flip_vertical"')).toEqual(['flip_vertical'])
  expect(expected('[5, 5.0, true, null]')).toEqual(['5', '5.0', 'True', 'None'])
  expect(expected('5')).toEqual([])
})

test('numbers in boxes are read as Python reads them', () => {
  const iou = (target: string, crops: string): number | null =>
    readBestIoU({ target: readTarget(read(target)), crops: readTarget(read(crops)) ?? [] })
  expect(iou('["0", 0, true, " 1 "]', '[[0, 0, 1, 1]]')).toBe(1)
  expect(iou('[0, 0, 2, 1]', '[[0, 0, 1, 1], [0, 0, 1], "abcd"]')).toBe(0.5)
  expect(iou('[0, 0, 2, 1]', '[[0, 0, 2, 1], [0, 0, "z", 1]]')).toBe(0)
  expect(iou('[0, 0, 2]', '[[0, 0, 2, 1]]')).toBe(0)
  expect(iou('{"x": 0}', '[[0, 0, 2, 1]]')).toBeNull()
})

test('a crop with NaN in it is paid in full, as in the reference', () => {
  const crops = [[Number.NaN, 0, 10, 10]]
  expect(readBestIoU({ target: [0, 0, 10, 10], crops })).toBeGreaterThan(1)
})

test('counts, form and truth', () => {
  expect(
    ['3', '" 4 "', '2.7', 'true', '"2.5"', 'null', '[1, 2]', 'NaN'].map((json) => readCodeCount(read(json))),
  ).toEqual([3, 4, 2, 1, 0, 0, 2, 0])
  expect(['true', '" 0.25 "', '"x"', 'null', '"1_0"'].map((json) => readFormat(read(json)))).toEqual([
    1, 0.25, 0, 0, 10,
  ])
  expect(['0', '0.0', '""', '[]', '{}', 'null', 'false'].some((json) => readTruth(read(json)))).toBe(false)
  expect(['-1', 'NaN', '"0"', '[0]', '{"a": 0}', 'true'].every((json) => readTruth(read(json)))).toBe(true)
})
