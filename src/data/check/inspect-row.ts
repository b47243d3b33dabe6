import type { Task } from '../../core/task.js'
import type { CheckedRow } from './checked-row.js'
import type { ImageInspector } from './image-inspector.js'
import type { SourceRow } from './source-rows.js'

/** Look at the images of a row. */
export async function inspectRow({
  row: { place, task, notices, misnamed },
  path,
  inspector,
}: {
  row: Extract<SourceRow, { isReadable: true }>
  /** What was named to be checked. */
  path: string
  inspector: ImageInspector
}): Promise<CheckedRow> {
  const images = await Promise.all(task.images.map((image) => inspector.inspect(image)))
  const picture = pictureOf(task)
  const [first] = task.images
  const isComparable = picture !== null && first !== undefined && images[0]?.isDecodable === true
  const { split } = task.metadata
  return {
    place,
    source: typeof split === 'string' && split !== '' ? `${path} (split ${split})` : path,
    task,
    notices,
    misnamed,
    images,
    picture,
    undone: isComparable ? await inspector.undone(first, task.transform) : null,
  }
}

/** What rows name that hold the same picture: the image's own name in its data set, or variants of one question. */
function pictureOf({ metadata, cluster, question }: Task): string | null {
  const { image_id: image, dataset_name: dataset } = metadata
  if (typeof image === 'string' && image !== '') return JSON.stringify(['image', dataset ?? null, image])
  return cluster === undefined ? null : JSON.stringify(['cluster', cluster, question])
}
