import { letterAt } from '../layouts/choices.js'
import type { DataReport } from './check-data.js'

/** Lines for a reader: the tests of places of right options, and last the counts. */
export function describeReport({ rows, images, findings, positions }: DataReport): string[] {
  const found = Object.entries(findings).filter(([, count]) => count > 0)
  const sum = found.reduce((total, [, count]) => total + count, 0)
  const names = found.map(([name, count]) => `${name} ${count}`).join(', ')
  return [
    ...positions.map(({ source, counts, test, p }) => {
      const places = counts.map((count, at) => `${letterAt(at)} ${count}`).join(', ')
      return `${source}: right options at ${places}: p = ${p.toPrecision(2)} (${test})`
    }),
    `${amount(rows, 'row')}, ${amount(images, 'image')}: ${sum === 0 ? 'nothing found' : `${amount(sum, 'finding')} (${names})`}`,
  ]
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
