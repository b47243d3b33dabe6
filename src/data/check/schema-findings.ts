import type { Finding, Place } from './finding.js'

/** What is wrong with a row that is none, a finding for each wrong cell. */
export function schemaFindings({
  place,
  schema,
  reason,
}: {
  place: Place
  /** Name of the layout. */
  schema: string
  /** A line for each wrong cell. */
  reason: string
}): Finding[] {
  return reason.split('\n').map((line) => ({
    check: 'schema',
    ...place,
    what: 'row',
    expected: `a row of ${schema}`,
    got: line.startsWith(place.where) ? line.slice(place.where.length).replace(/^[:,]?\s+/, '') : line,
  }))
}
