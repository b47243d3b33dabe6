import { expect, test } from '@jest/globals'
import { formatRoute, parseRoute, type Route } from './route.js'

const USUAL = parseRoute('')

test('an empty address is the overview of the first run', () => {
  expect(USUAL).toMatchObject({ view: 'overview', run: 0, sample: null, turn: 0, sort: 'order' })
  expect(formatRoute(USUAL)).toBe('#')
})

test('a key alone, as tables link it, opens its sample', () => {
  expect(parseRoute('#sample=ab12#3')).toMatchObject({ view: 'samples', sample: 'ab12#3' })
  expect(parseRoute('#sample=ab12%233')).toEqual(parseRoute('#sample=ab12#3'))
})

test.each<Partial<Route>>([
  { view: 'samples' },
  { view: 'overview', run: 2 },
  { view: 'samples', sample: 'a&b=c#0', turn: 4 },
  { view: 'compare', pair: { a: 1, b: 0, kind: 'lost' }, sample: 'k#0' },
  {
    view: 'samples',
    sort: 'time',
    filters: {
      query: 'a + b & ü',
      chosen: { ...USUAL.filters.chosen, outcome: ['wrong', 'unparsed'], category: ['a,b', '__proto__'] },
    },
  },
])('an address is read back as it was written: %j', (change) => {
  const route = { ...USUAL, ...change }
  expect(parseRoute(formatRoute(route))).toEqual(route)
})

test('nonsense in an address is as if it were not there', () => {
  expect(parseRoute('#view=admin&run=-1&turn=1e9&sort=__proto__&kind=x&a=NaN')).toEqual(USUAL)
})
