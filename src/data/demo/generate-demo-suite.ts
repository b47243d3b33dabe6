import sharp from 'sharp'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { requiredToolsFor } from '../transforms/required-tools.js'
import { mapBox } from '../transforms/map-box.js'
import { transformImage } from '../transforms/transform-image.js'
import type { NewRow } from '../write-parquet.js'
import { drawBadges } from './badge-scene.js'
import { drawDirectory } from './directory-scene.js'
import { createRandom } from './random.js'
import { drawReceipt } from './receipt-scene.js'
import type { DrawScene, Scene } from './scene.js'
import { drawTimetable } from './timetable-scene.js'

const SCENES: readonly DrawScene[] = [drawReceipt, drawBadges, drawDirectory, drawTimetable]

/** A row of the demo suite: the image is the one the model is given, `applied` tells what was done to it. */
export interface DemoRow extends NewRow {
  kind: Scene['kind']
  applied: Transform
  /** Tools that undo it in order, `crop` last. */
  requiredTools: readonly string[]
}

/**
 * Draw a small suite, one row after the other, the six orientations in turn: the same seed gives the same rows on every machine, since text is
 * drawn from outlines of installed fonts. Names, codes and amounts are random, so that an answer can only be read off the
 * image. To be handed to `writeParquet` as it is.
 */
export async function* generateDemoSuite({
  rows = 60,
  seed = 'demo',
}: { rows?: number; seed?: string } = {}): AsyncGenerator<DemoRow, void> {
  for (let index = 0; index < rows; index++) {
    const applied = TRANSFORMS[index % TRANSFORMS.length] ?? 'none'
    const drawScene = SCENES[Math.floor(index / TRANSFORMS.length) % SCENES.length] ?? drawReceipt
    yield await drawRow({ index, applied, drawScene, seed })
  }
}

async function drawRow({
  index,
  applied,
  drawScene,
  seed,
}: {
  index: number
  applied: Transform
  drawScene: DrawScene
  seed: string
}): Promise<DemoRow> {
  const { kind, canvas, question, answer, box } = drawScene({
    random: createRandom({ seed: `${seed}/${index.toString()}` }),
  })
  const { width, height } = canvas
  const upright = await sharp(Buffer.from(canvas.svg())).removeAlpha().png().toBuffer()
  const bytes = await transformImage({ bytes: upright, transform: applied })
  return {
    index,
    question,
    answer,
    // The file's name must not tell what was done to it.
    images: [{ bytes, path: `demo-${index.toString().padStart(3, '0')}.png` }],
    transform: ['crop', ...(applied === 'none' ? [] : [applied])],
    box: mapBox({ box, width, height, transform: applied }),
    split: 'demo',
    datasetName: 'demo',
    dataSource: 'codevision-demo',
    kind,
    applied,
    requiredTools: requiredToolsFor({ transform: applied, needsCrop: true }),
  }
}
