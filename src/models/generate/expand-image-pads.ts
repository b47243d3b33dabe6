/** Token ids in which each image pad, one an image as templates write them, is repeated for every visual token of its image. @throws RangeError when pads and images are not as many. */
export function expandImagePads({
  ids,
  imagePad,
  counts,
}: {
  ids: readonly number[]
  imagePad: number
  /** Visual tokens of each image. */
  counts: readonly number[]
}): Int32Array {
  const expanded: number[] = []
  let image = 0
  for (const id of ids) {
    if (id !== imagePad) {
      expanded.push(id)
      continue
    }
    const count = counts[image++]
    if (count === undefined) break
    for (let token = 0; token < count; token++) expanded.push(id)
  }
  const pads = ids.filter((id) => id === imagePad).length
  if (pads !== counts.length) throw new RangeError(`expected ${counts.length} image pads, got ${pads}`)
  return Int32Array.from(expanded)
}
