import type { Box } from '../../../core/transform.js'
import type { Size } from '../../plan/curation-plan.js'

/** Part of a side from which a region counts as going all along it. */
const ALONG = 0.72

/** Where a region lies, as a template for `expand`: "the {upper left corner|…}". */
export function placeOf({ box: [left, top, right, bottom], size }: { box: Box; size: Size }): string {
  const across = (right - left) / size.width
  const down = (bottom - top) / size.height
  const column = third((left + right) / 2 / size.width)
  const row = third((top + bottom) / 2 / size.height)
  if (across >= ALONG && down >= ALONG)
    return '{nearly the whole picture without its margins|all but the margins|the picture without its outer edge}'
  if (across >= ALONG) return BANDS[row]
  if (down >= ALONG) return COLUMNS[column]
  return CELLS[row][column]
}

type Third = 'low' | 'middle' | 'high'

function third(position: number): Third {
  return position < 0.38 ? 'low' : position > 0.62 ? 'high' : 'middle'
}

const BANDS: Readonly<Record<Third, string>> = {
  low: '{the band along the top|the upper part across its full width|the top strip|the rows at the top}',
  middle:
    '{the band across the middle|the horizontal strip in the middle|the rows in the middle|the middle band}',
  high: '{the band along the bottom|the lower part across its full width|the bottom strip|the rows at the bottom}',
}
const COLUMNS: Readonly<Record<Third, string>> = {
  low: '{the column on the left|the left side from top to bottom|the left strip|the band down the left edge}',
  middle: '{the column in the middle|the vertical strip in the middle|the middle from top to bottom}',
  high: '{the column on the right|the right side from top to bottom|the right strip|the band down the right edge}',
}
const CELLS: Readonly<Record<Third, Readonly<Record<Third, string>>>> = {
  low: {
    low: '{the upper left|the top left corner|the area at the upper left|the top left part|the upper left part}',
    middle: '{the top centre|the middle of the upper part|the area at the top centre|the upper middle}',
    high: '{the upper right|the top right corner|the area at the upper right|the top right part|the upper right part}',
  },
  middle: {
    low: '{the middle of the left side|the area at the centre left|the left part at mid height|the left side at half height}',
    middle: '{the centre|the middle|the central part|the area around the centre|the middle part}',
    high: '{the middle of the right side|the area at the centre right|the right part at mid height|the right side at half height}',
  },
  high: {
    low: '{the lower left|the bottom left corner|the area at the lower left|the bottom left part|the lower left part}',
    middle: '{the bottom centre|the middle of the lower part|the area at the bottom centre|the lower middle}',
    high: '{the lower right|the bottom right corner|the area at the lower right|the bottom right part|the lower right part}',
  },
}
