import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { requiredToolsFor } from '../../data/transforms/required-tools.js'
import { dealTransforms } from './deal-transforms.js'
import type { FilterItem } from './filter-item.js'
import type { FilterOptions } from './filter-options.js'
import type { Source } from './open-sources.js'
import type { Survey } from './survey-rows.js'
import type { SurveyedRow } from './surveyed-row.js'

/**
 * What is asked: each row as it is or, where transformations are shared out, under the one that it is dealt; with its must-use tools, which are what undoes the transformation and,
 * where the evidence must be enlarged, `crop` (paper, section 4).
 */
export async function planItems({
  survey,
  sources,
  options,
}: {
  survey: Survey
  sources: readonly Source[]
  options: Pick<FilterOptions, 'transform' | 'none' | 'limit' | 'seed'>
}): Promise<readonly FilterItem[]> {
  const { transform: mode, none, limit, seed } = options
  const rows = limit === null ? survey.rows : survey.rows.slice(limit.first - 1, limit.last)
  const open = mode === 'balanced' ? rows.filter(({ transform }) => transform === 'none') : []
  const given = rows.map(({ transform }) => transform).filter((transform) => transform !== 'none')
  const dealt = new Map(
    dealTransforms({ open, given, none, seed }).map((transform, at) => [open[at]?.key, transform]),
  )
  const keys = await turnedKeys({ rows, dealt, sources })
  return rows.map((row): FilterItem => {
    const { key, id, source, row: place, category, notices } = row
    const here = dealt.get(key)
    const transform = here ?? row.transform
    const isTurnedHere = here !== undefined && here !== 'none'
    const turned = isTurnedHere ? keys.get(turnedPlace({ source, row: place, transform })) : undefined
    return {
      key: turned?.key ?? key,
      // Names of several sources may be the same.
      id: `${sources.length > 1 ? `${sources[source]?.name}/` : ''}${turned?.id ?? id}`,
      source,
      row: place,
      transform,
      isTurnedHere,
      category,
      requiredTools: requiredToolsOf({ row, transform, isDealt: here !== undefined }),
      notices: [...notices, ...(turned?.notices ?? [])],
    }
  })
}

/** Place of a row in the suite that has it under every transformation. */
export function turnedIndex({ row, transform }: { row: number; transform: Transform }): number {
  return row * TRANSFORMS.length + TRANSFORMS.indexOf(transform)
}

/** What nobody says is not known: a row as it came whose transformation is none may well be one that was never looked at. */
function requiredToolsOf({
  row: { needsCrop, transform: own },
  transform,
  isDealt,
}: {
  row: SurveyedRow
  transform: Transform
  isDealt: boolean
}): string[] | null {
  if (needsCrop === null && own === 'none' && !isDealt) return null
  return requiredToolsFor({ transform, needsCrop: needsCrop === true })
}

interface TurnedEntry {
  key: string
  id: string
  notices: readonly string[]
}

function turnedPlace({
  source,
  row,
  transform,
}: {
  source: number
  row: number
  transform: Transform
}): string {
  return `${source} ${turnedIndex({ row, transform })}`
}

async function turnedKeys({
  rows,
  dealt,
  sources,
}: {
  rows: readonly SurveyedRow[]
  dealt: ReadonlyMap<string | undefined, Transform>
  sources: readonly Source[]
}): Promise<Map<string, TurnedEntry>> {
  const found = new Map<string, TurnedEntry>()
  for (const [source, { turned }] of sources.entries()) {
    const wanted = new Set<number>()
    for (const { key, source: of, row } of rows) {
      const transform = dealt.get(key)
      if (of === source && transform !== undefined && transform !== 'none')
        wanted.add(turnedIndex({ row, transform }))
    }
    if (wanted.size === 0) continue
    for await (const { index, ...entry } of turned.entries({ isWanted: (place) => wanted.has(place) }))
      found.set(`${source} ${index}`, entry)
  }
  return found
}
