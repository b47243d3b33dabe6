import sharp from 'sharp'

/** Difference of grey levels that counts as an edge. */
const EDGE = 40
/** Pixels on either side over which a profile is smoothed, so that single letters do not count as lines. */
const SMOOTHING = 4
/** Longer side at which the measure is taken, in pixels. */
const MEASURED_SIDE = 700

/**
 * Tell from the pixels whether lines of text run across an image or down it: across them the density of edges jumps from line to
 * gap to line, along them it stays even. A hint on what to try first, not a decision.
 */
export async function findTextDirection(image: Buffer): Promise<'across' | 'down'> {
  const { data, info } = await sharp(image)
    .greyscale()
    .resize({ width: MEASURED_SIDE, height: MEASURED_SIDE, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const rows = new Float64Array(info.height)
  const columns = new Float64Array(info.width)
  const at = (x: number, y: number): number => data[y * info.width + x] ?? 0
  for (let y = 1; y < info.height; y++) {
    for (let x = 1; x < info.width; x++) {
      const grey = at(x, y)
      if (Math.max(Math.abs(grey - at(x - 1, y)), Math.abs(grey - at(x, y - 1))) <= EDGE) continue
      rows[y] = (rows[y] ?? 0) + 1
      columns[x] = (columns[x] ?? 0) + 1
    }
  }
  return unevenness(rows) >= unevenness(columns) ? 'across' : 'down'
}

function unevenness(raw: Float64Array): number {
  const profile = raw.map((_, index) => {
    const near = raw.subarray(Math.max(0, index - SMOOTHING), index + SMOOTHING + 1)
    return near.reduce((sum, value) => sum + value, 0) / near.length
  })
  let jumps = 0
  let total = 0
  profile.forEach((value, index) => {
    jumps += Math.abs(value - (profile[index - 1] ?? value))
    total += value
  })
  return total === 0 ? 0 : jumps / total
}
