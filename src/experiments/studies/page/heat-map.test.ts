import { expect, test } from '@jest/globals'
import { inventedSeed } from '../testing/records.js'
import { heatMap } from './heat-map.js'

const grid = {
  rows: { label: 'β1', values: [0, 1] },
  columns: { label: 'β2', values: [0, 1] },
  armAt: (row: number, column: number) => `${row} ${column}`,
}

function depths(accuracies: readonly [number, number, number, number]): number[] {
  const names = ['0 0', '0 1', '1 0', '1 1']
  const measured = new Map(
    accuracies.map((accuracy, at) => [names[at] ?? '', [inventedSeed({ accuracy })]] as const),
  )
  const page = heatMap({ grid, measure: 'accuracy', measured }).text
  return [...page.matchAll(/heat-(\d)/g)].map(([, depth]) => Number(depth))
}

test('a wide range fills all depths; what is nearly alike looks nearly alike', () => {
  expect(depths([0.2, 0.4, 0.6, 0.8])).toEqual([0, 3, 5, 8])
  expect(depths([0.971, 0.975, 0.971, 0.971])).toEqual([4, 4, 4, 4])
  expect(depths([0.9, 0.95, 0.9, 0.9])).toEqual([2, 6, 2, 2])
  expect(depths([0.5, 0.5, 0.5, 0.5])).toEqual([4, 4, 4, 4])
})
