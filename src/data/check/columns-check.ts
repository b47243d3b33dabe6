import type { Check } from './check.js'

/** No column looks like one that is read and not there; each is told once a file, at its first row. */
export function columnsCheck(): Check {
  const told = new Set<string>()
  return {
    row({ place, misnamed }) {
      return misnamed.flatMap(({ column, meant }) => {
        const key = JSON.stringify([place.file, column])
        if (told.has(key)) return []
        told.add(key)
        const expected = meant.map((name) => `\`${name}\``).join(' or ')
        const got = `\`${column}\`, which is not read and only kept as metadata`
        return [{ check: 'schema' as const, ...place, what: 'column', expected, got }]
      })
    },
  }
}
