import { countImages, IMAGE_MARKER, MARKERS } from '../markers.js'
import type { CheckedRow } from './check-row.js'
import type { RowFinding } from './conversation-finding.js'

/** Every turn's markers are counted, whoever says them; those of the system prompt are not looked at. */
export function markerFindings({ turns, images, system }: CheckedRow): RowFinding[] {
  const counts = turns.map(({ value }) => countImages(value))
  const shown = counts.reduce((sum, count) => sum + count, 0)
  const places = counts.flatMap((count, at) => (count === 0 ? [] : [`turn ${at + 1}: ${count}`]))
  return [
    ...(shown === images.length
      ? []
      : [
          {
            check: 'markers' as const,
            effect: 'stops' as const,
            what: 'images',
            expected: `as many images as ${IMAGE_MARKER} (${shown}${places.length === 0 ? '' : `; ${places.join(', ')}`})`,
            got: String(images.length),
          },
        ]),
    ...MARKERS.filter((marker) => marker !== IMAGE_MARKER).flatMap((marker) =>
      turns.flatMap(({ value }, at): RowFinding[] =>
        value.includes(marker)
          ? [
              {
                ...{ check: 'markers', effect: 'stops', what: `turn ${at + 1}` },
                ...{ expected: `no ${marker}, since the row has no such file`, got: 'one' },
              },
            ]
          : [],
      ),
    ),
    ...(system.includes(IMAGE_MARKER)
      ? [
          {
            ...{ check: 'markers' as const, effect: 'accepts' as const, what: 'system' },
            ...{ expected: `no ${IMAGE_MARKER}, which stays a text there`, got: 'one' },
          },
        ]
      : []),
  ]
}
