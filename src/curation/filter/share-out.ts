/** A group that is to have its share of something. */
export interface Sharer {
  name: string
  /** Relative to those of the others; 0: it is to have nothing. */
  weight: number
  /** The most that it can have. */
  available: number
}

/** What a group gets. `wanted`: its share if every group had enough. */
export interface Shared extends Sharer {
  wanted: number
  taken: number
}

/**
 * Share out a number of rows by weight. What a group does not have is shared out among the others; whole numbers by largest remainder, ties by `rank` (lower first).
 * @returns one for each sharer, in their order; together they take `total`, or all there is
 */
export function shareOut({
  total,
  sharers,
  rank,
}: {
  total: number
  sharers: readonly Sharer[]
  rank: (name: string) => number
}): Shared[] {
  const ideal = whole({ total, parts: partsOf({ total, sharers }), sharers, rank })
  let open = sharers.filter(({ weight, available }) => weight > 0 && available > 0)
  const taken = new Map<string, number>()
  let left = total
  for (;;) {
    const parts = partsOf({ total: left, sharers: open })
    const full = open.filter(({ name, available }) => available <= (parts.get(name) ?? 0))
    if (full.length === 0) {
      for (const [name, count] of whole({ total: left, parts, sharers: open, rank })) taken.set(name, count)
      break
    }
    for (const { name, available } of full) {
      taken.set(name, available)
      left -= available
    }
    open = open.filter((sharer) => !full.includes(sharer))
  }
  return sharers.map((sharer) => ({
    ...sharer,
    wanted: ideal.get(sharer.name) ?? 0,
    taken: taken.get(sharer.name) ?? 0,
  }))
}

function partsOf({ total, sharers }: { total: number; sharers: readonly Sharer[] }): Map<string, number> {
  const sum = sharers.reduce((all, { weight }) => all + weight, 0)
  return new Map(sharers.map(({ name, weight }) => [name, sum === 0 ? 0 : (total * weight) / sum]))
}

/** Nobody is given more than there is: a part that is not full is less than what is available by at least its fraction. */
function whole({
  total,
  parts,
  sharers,
  rank,
}: {
  total: number
  parts: ReadonlyMap<string, number>
  sharers: readonly Sharer[]
  rank: (name: string) => number
}): Map<string, number> {
  const floors = new Map([...parts].map(([name, part]) => [name, Math.floor(part + 1e-9)]))
  const given = [...floors.values()].reduce((a, b) => a + b, 0)
  const order = sharers
    .filter(({ weight }) => weight > 0)
    .map(({ name }) => ({ name, fraction: fraction(parts.get(name) ?? 0), rank: rank(name) }))
    .sort((a, b) => (Math.abs(a.fraction - b.fraction) > 1e-9 ? b.fraction - a.fraction : a.rank - b.rank))
  for (const { name } of order.slice(0, total - given)) floors.set(name, (floors.get(name) ?? 0) + 1)
  return floors
}

function fraction(part: number): number {
  return part - Math.floor(part + 1e-9)
}
