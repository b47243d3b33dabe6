import type { QuestionKind } from './question-kind.js'

interface Supply {
  candidates: Partial<Record<QuestionKind, unknown>>
}

/**
 * Give each wanted kind an image that can be asked about it, none more often than `perImage`, and never twice about the same kind. Kinds are
 * served in order; where no image is left, earlier ones change places (augmenting paths), so that what comes first never keeps back
 * what could have been given.
 * @param images in the order in which they are to be preferred
 * @returns for each of `wanted` the index of its image; shorter than `wanted` where the first that is missing cannot be given
 */
export function assignImages({
  images,
  wanted,
  perImage,
}: {
  images: readonly Supply[]
  wanted: readonly QuestionKind[]
  perImage: number
}): number[] {
  const kinds = [...new Set(wanted)]
  const offers = new Map(
    kinds.map((kind) => [kind, images.flatMap(({ candidates }, index) => (candidates[kind] ? [index] : []))]),
  )
  const given = new Map(kinds.map((kind) => [kind, new Set<number>()]))
  const used = images.map(() => 0)
  const start = new Map(kinds.map((kind) => [kind, 0]))
  const of = <Value>(map: ReadonlyMap<QuestionKind, Value>, kind: QuestionKind): Value => {
    const value = map.get(kind)
    if (value === undefined) throw new RangeError(`expected a wanted kind, got ${kind}`)
    return value
  }
  const isFull = (image: number): boolean => (used[image] ?? 0) >= perImage

  /** Images with room; those before the first have none, and never will again. */
  const free = (kind: QuestionKind): number | undefined => {
    const own = of(offers, kind)
    let from = of(start, kind)
    while (from < own.length && isFull(own[from] ?? 0)) from++
    start.set(kind, from)
    return own.slice(from).find((image) => !isFull(image) && !of(given, kind).has(image))
  }

  const give = (wantedKind: QuestionKind): boolean => {
    // Which kind lets go of which image, and for whom.
    const reached = new Map<QuestionKind, { image: number; taker: QuestionKind } | null>([[wantedKind, null]])
    for (const kind of reached.keys()) {
      const image = free(kind)
      if (image !== undefined) {
        used[image] = (used[image] ?? 0) + 1
        let [owner, moved] = [kind, image]
        for (let step = of(reached, owner); ; step = of(reached, owner)) {
          of(given, owner).add(moved)
          if (step === null) return true
          of(given, owner).delete(step.image)
          ;[owner, moved] = [step.taker, step.image]
        }
      }
      for (const other of kinds) {
        if (reached.has(other)) continue
        const released = of(offers, kind).find(
          (image) => of(given, other).has(image) && !of(given, kind).has(image),
        )
        if (released !== undefined) reached.set(other, { image: released, taker: kind })
      }
    }
    return false
  }

  const served = wanted.findIndex((kind) => !give(kind))
  const order = new Map(kinds.map((kind) => [kind, [...of(given, kind)].sort((a, b) => a - b).values()]))
  return wanted.slice(0, served === -1 ? wanted.length : served).map((kind) => {
    const { value } = of(order, kind).next()
    if (value === undefined) throw new RangeError(`expected an image for every question of kind ${kind}`)
    return value
  })
}
