import { CURATION_TYPES, type CurationType, type Provocation } from '../../core/curation.js'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { createRandom } from '../../data/demo/random.js'
import type { CurationOptions } from './curation-options.js'
import type { Material } from './material.js'
import { serves } from './needed-tools.js'

/** What a trajectory is to be and which row it takes, before anything else of it is drawn. */
export interface ScheduledItem {
  readonly type: CurationType
  /** Of the row's first image. */
  readonly transform: Transform
  readonly provocation: Provocation | null
  readonly material: Material
}

export interface Schedule {
  readonly items: readonly ScheduledItem[]
  /** What was asked for and cannot be had of these rows. */
  readonly notices: readonly string[]
}

/** Rows that can become trajectories of one kind, taken in turn. */
interface Cell {
  readonly transform: Transform
  readonly provocation: Provocation | null
  readonly pool: readonly Material[]
  next: number
}

/**
 * Give each type its share of the trajectories, and within a type each transformation (and of `error-handling` each provocation) the same number, as far as there
 * are rows for it; the rows of a kind are taken in turn, in an order that is drawn.
 * @throws UsageError when no row serves any of the types.
 */
export function drawSchedule({
  materials,
  options,
}: {
  materials: readonly Material[]
  options: CurationOptions
}): Schedule {
  const notices: string[] = []
  const cells = new Map<CurationType, Cell[]>()
  for (const type of CURATION_TYPES) {
    if (options.mix[type] === 0) continue
    const { found, missing } = cellsOf({ type, materials, options })
    if (found.length > 0) cells.set(type, found)
    if (found.length === 0)
      notices.push(`No row can become ${type}: ${NEEDS[type]}; its share goes to the others.`)
    else if (missing.length > 0) notices.push(`No row for ${type} with ${missing.join(', ')}.`)
  }
  if (cells.size === 0)
    throw new UsageError(
      `None of ${materials.length} rows can become a trajectory of the types asked for (${CURATION_TYPES.filter((type) => options.mix[type] > 0).join(', ')}). ${Object.values(NEEDS).join('; ')}.`,
    )
  const counts = shareOut({
    shares: [...cells.keys()].map((type) => options.mix[type]),
    count: options.count,
  })
  const items = [...cells].flatMap(([type, own], at) =>
    Array.from({ length: counts[at] ?? 0 }, (_, number): ScheduledItem => {
      const cell = own[number % own.length] as Cell
      const material = cell.pool[cell.next++ % cell.pool.length] as Material
      return { type, transform: cell.transform, provocation: cell.provocation, material }
    }),
  )
  return { items, notices }
}

const NEEDS: Readonly<Record<CurationType, string>> = {
  'single-tool': 'single-tool needs evidence that one tool makes legible',
  'multi-tool': 'multi-tool needs evidence that several tools make legible',
  'multi-crop': 'multi-crop needs a box that is small in the view',
  'error-handling': 'error-handling needs evidence that some tool makes legible',
  'no-tool': 'no-tool needs a box that is legible in the view',
}

/** Every kind of a type that some row can become, in an order that is drawn, and the transformations that none can. */
function cellsOf({
  type,
  materials,
  options: { seed, provocations },
}: {
  type: CurationType
  materials: readonly Material[]
  options: CurationOptions
}): { found: Cell[]; missing: string[] } {
  const transforms: readonly Transform[] = type === 'no-tool' ? ['none'] : TRANSFORMS
  const provoked: readonly (Provocation | null)[] = type === 'error-handling' ? provocations : [null]
  const kinds = transforms.flatMap((transform) => provoked.map((provocation) => ({ transform, provocation })))
  const { shuffle } = createRandom({ seed: `${seed}/schedule/${type}` })
  const cells = kinds.map(({ transform, provocation }): Cell => {
    const pool = materials.filter((material) => serves({ material, type, transform, provocation }))
    return { transform, provocation, pool: shuffle(pool), next: 0 }
  })
  const found = cells.filter(({ pool }) => pool.length > 0)
  const missing = cells
    .filter(({ pool }) => pool.length === 0)
    .map(({ transform, provocation }) =>
      [transform, provocation].filter((name) => name !== null).join(' and '),
    )
  return { found: spread(shuffle(found)), missing }
}

/** The same cells so that few in a row have as many transformations and provocations as they can: a small set is balanced, too. */
function spread(cells: readonly Cell[]): Cell[] {
  const used = new Map<string | null, number>()
  const uses = (name: string | null): number => used.get(name) ?? 0
  const left = [...cells]
  const order: Cell[] = []
  while (left.length > 0) {
    const costs = left.map(({ transform, provocation }) => uses(transform) + uses(provocation))
    const [next] = left.splice(costs.indexOf(Math.min(...costs)), 1)
    if (next === undefined) break
    order.push(next)
    for (const name of [next.transform, next.provocation]) used.set(name, uses(name) + 1)
  }
  return order
}

/** Whole numbers in proportion to shares that add up to `count` (largest remainders). */
export function shareOut({ shares, count }: { shares: readonly number[]; count: number }): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0)
  const exact = shares.map((share) => (share / total) * count)
  const counts = exact.map(Math.floor)
  const left = count - counts.reduce((sum, number) => sum + number, 0)
  const byRemainder = exact
    .map((value, at) => ({ at, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at)
  for (const { at } of byRemainder.slice(0, left)) counts[at] = (counts[at] ?? 0) + 1
  return counts
}
