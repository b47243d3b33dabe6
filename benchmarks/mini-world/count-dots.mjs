// Two ways to count dots in a region of a picture, told where they are: by what hangs together, and by how much ink there is.
import sharp from 'sharp'

/** So many times larger a region is looked at. */
const ENLARGED = 4

/** Parts of the region that stand out from its ground and hang together, corner to corner not counted. */
export async function countParts({ bytes, box }) {
  const { ink, width, height } = await inkOf({ bytes, box })
  const least = largest(ink) / 2
  const isDot = ink.map((level) => level > least)
  let parts = 0
  for (let start = 0; start < isDot.length; start++) {
    if (!isDot[start]) continue
    parts++
    const open = [start]
    isDot[start] = false
    while (open.length > 0) {
      const at = open.pop()
      const x = at % width
      const beside = [x > 0 && at - 1, x < width - 1 && at + 1, at >= width && at - width, at + width < width * height && at + width]
      for (const next of beside) {
        if (next === false || !isDot[next]) continue
        isDot[next] = false
        open.push(next)
      }
    }
  }
  return parts
}

/** All ink of the region over that of a dot of middle size: what a blurred picture still tells. `contrast` is that of a dot to its ground, in grey levels. */
export async function countByInk({ bytes, box, contrast, dotArea }) {
  const { ink } = await inkOf({ bytes, box })
  const total = ink.reduce((sum, level) => sum + level, 0) / ENLARGED ** 2
  return Math.round(total / contrast / dotArea)
}

/** The largest difference from the ground, in grey levels. */
export async function contrastOf({ bytes, box }) {
  return largest((await inkOf({ bytes, box })).ink)
}

async function inkOf({ bytes, box: [left, top, right, bottom] }) {
  const { width: most, height: lowest } = await sharp(bytes).metadata()
  const region = { left, top, width: Math.min(most, right) - left, height: Math.min(lowest, bottom) - top }
  const [width, height] = [region.width * ENLARGED, region.height * ENLARGED]
  const grey = await sharp(bytes).extract(region).resize(width, height, { kernel: 'cubic', fit: 'fill' }).greyscale().raw().toBuffer()
  const ground = [...grey].sort((a, b) => a - b)[Math.floor(grey.length / 2)]
  return { ink: Array.from(grey, (level) => Math.abs(level - ground)), width, height }
}

function largest(levels) {
  return levels.reduce((most, level) => Math.max(most, level), 0)
}
