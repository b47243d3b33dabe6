import type { Task } from '../../core/task.js'
import { undoneDigest } from '../../data/transforms/undone-digest.js'
import type { Source } from './open-sources.js'
import type { SurveyedRow } from './surveyed-row.js'

/**
 * Rows that ask what an earlier one asks about images with the same pixels, though their files differ (another format, another name). Only images of rows that ask the same are decoded.
 * @returns their keys
 */
export async function repeatedPictures({
  rows,
  sources,
  signal,
}: {
  rows: readonly SurveyedRow[]
  sources: readonly Source[]
  signal?: AbortSignal | undefined
}): Promise<ReadonlySet<string>> {
  const times = new Map<string, number>()
  for (const { asked } of rows) times.set(asked, (times.get(asked) ?? 0) + 1)
  const suspects = rows.filter(({ asked }) => (times.get(asked) ?? 0) > 1)
  const digests = new Map<string, string>()
  const seen = new Set<string>()
  const repeats = new Set<string>()
  for (const [source, { rows: suite }] of sources.entries()) {
    const wanted = new Map(suspects.filter((row) => row.source === source).map((row) => [row.row, row]))
    if (wanted.size === 0) continue
    for await (const { index, task } of suite.tasks({ isWanted: (place) => wanted.has(place) })) {
      signal?.throwIfAborted()
      const row = wanted.get(index)
      if (row === undefined) continue
      const pixels: string[] = []
      for (const image of task.images) pixels.push(await pixelsOf({ image, digests }))
      const content = JSON.stringify([row.asked, pixels])
      if (seen.has(content)) repeats.add(row.key)
      else seen.add(content)
    }
  }
  return repeats
}

/** Of an image that cannot be decoded, its file stands for it. */
async function pixelsOf({
  image,
  digests,
}: {
  image: Task['images'][number]
  digests: Map<string, string>
}): Promise<string> {
  const known = digests.get(image.sha256)
  if (known !== undefined) return known
  const bytes = await image.read()
  const digest = await undoneDigest({ bytes, transform: 'none' }).catch((cause: unknown) => {
    // The library's own error says that this is no image; it is told of when it is to be looked at.
    if (!(cause instanceof Error)) throw cause
    return `file ${image.sha256}`
  })
  digests.set(image.sha256, digest)
  return digest
}
