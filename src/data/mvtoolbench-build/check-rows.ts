import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { StoreError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import type { Box, Transform } from '../../core/transform.js'
import { inverseOf } from '../transforms/inverse.js'
import { requiredToolsFor } from '../transforms/required-tools.js'
import { loadSuite } from '../load-suite.js'
import { transformPixels, type PixelImage } from '../transforms/transform-pixels.js'
import type { PlannedRow } from './plan-rows.js'

/**
 * Read a built file as an evaluation would, and hold each row against what was planned: question, answers, tools, and the box, whose crop of the
 * image as given, undone, must equal the crop of the canonical image at the annotated box, pixel for pixel.
 * @returns the number of rows
 * @throws StoreError naming the first row that is wrong, and in what.
 */
export async function checkRows({
  path,
  rows,
  onRow = () => undefined,
  signal,
}: {
  path: string
  rows: readonly PlannedRow[]
  onRow?: () => void
  signal?: AbortSignal | undefined
}): Promise<number> {
  const suite = await loadSuite({ suite: path })
  if (suite.count !== rows.length)
    throw new StoreError(
      `${path}: expected ${rows.length} rows, found ${suite.count}; it was built otherwise`,
    )
  for await (const { index, task } of suite.tasks()) {
    signal?.throwIfAborted()
    const planned = rows[index]
    const fault = planned === undefined ? 'a row too many' : await faultOf({ task, planned })
    if (fault !== null) throw new StoreError(`${path} row ${index + 1}: ${fault}`)
    onRow()
  }
  return rows.length
}

async function faultOf({
  task,
  planned: { candidate, image, transform },
}: {
  task: Task
  planned: PlannedRow
}): Promise<string | null> {
  const [given] = task.images
  if (given === undefined || task.images.length !== 1)
    return `expected one image, found ${task.images.length}`
  const expected = {
    question: candidate.question,
    answers: [candidate.answer, ...candidate.alternatives],
    transform,
    requiredTools: requiredToolsFor({ transform, needsCrop: true }),
  }
  for (const [name, value] of Object.entries(expected)) {
    const found: unknown = Object.entries(task).find(([key]) => key === name)?.[1]
    if (JSON.stringify(found) !== JSON.stringify(value))
      return `expected ${name} ${JSON.stringify(value)}, found ${JSON.stringify(found)}`
  }
  if (task.box === null) return 'expected a box, found none'
  const [undone, canonical] = await Promise.all([
    cropUndone({ bytes: await given.read(), box: task.box, transform }),
    readFile(image.path).then((bytes) => crop({ bytes, box: candidate.box })),
  ])
  if (undone === null) return `its box ${JSON.stringify(task.box)} does not lie in its image`
  if (canonical === null)
    return `the annotated box ${JSON.stringify(candidate.box)} does not lie in ${image.path}`
  const isSame =
    undone.width === canonical.width &&
    undone.height === canonical.height &&
    undone.channels === canonical.channels &&
    Buffer.compare(undone.data, canonical.data) === 0
  return isSame
    ? null
    : `the crop at its box ${JSON.stringify(task.box)}, undone, differs from the crop of ${image.path} at ${JSON.stringify(candidate.box)}`
}

async function cropUndone({
  bytes,
  box,
  transform,
}: {
  bytes: Uint8Array
  box: Box
  transform: Transform
}): Promise<PixelImage | null> {
  const cut = await crop({ bytes, box })
  return cut && transformPixels({ image: cut, transform: inverseOf(transform) })
}

/** Pixels of a region as PIL would read them; null where the box leaves the image. */
async function crop({
  bytes,
  box: [left, top, right, bottom],
}: {
  bytes: Uint8Array
  box: Box
}): Promise<PixelImage | null> {
  const file = sharp(bytes, { ignoreIcc: true, limitInputPixels: false })
  const header = await file.metadata()
  if (left < 0 || top < 0 || right > header.width || bottom > header.height) return null
  const { data, info } = await file
    .toColourspace(header.channels !== undefined && header.channels < 3 ? 'b-w' : 'srgb')
    .extract({ left, top, width: right - left, height: bottom - top })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: info.channels }
}
