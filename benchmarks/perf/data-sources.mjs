// Files for bench:data: rows with pictures like photographs, and rows of the mini world.
import sharp from 'sharp'
import { createRandom } from '../../dist/data/demo/random.js'
import { parseMiniWorldConfig } from '../../dist/data/mini-world/mini-world-config.js'
import { drawTasks } from '../../dist/data/mini-world/draw-tasks.js'
import { taskRow } from '../../dist/data/mini-world/task-row.js'
import { writeParquet } from '../../dist/data/write-parquet.js'

const [WIDTH, HEIGHT] = [1024, 768]
/** Sides of the grids whose random colours are laid over each other, coarse to fine, and how much of each shows. */
const OCTAVES = [
  [6, 1],
  [24, 0.45],
  [96, 0.25],
  [384, 0.12],
]
/** Grain of single pixels, drawn once for a larger area of which each picture shows another part. */
const GRAIN = { width: 2 * WIDTH, height: 2 * HEIGHT, opacity: 0.05 }
const grain = noise({ random: createRandom({ seed: 'grain' }), ...GRAIN })

/** JPEG of coarse and fine colours with grain: sizes and times of decoding and encoding are those of a photograph. */
async function photograph(seed) {
  const random = createRandom({ seed })
  const layers = []
  for (const [columns, opacity] of OCTAVES) {
    const rows = Math.round((columns * HEIGHT) / WIDTH)
    const layer = picture({
      data: noise({ random, width: columns, height: rows, opacity }),
      width: columns,
      height: rows,
    })
    layers.push(
      await layer
        .resize(WIDTH, HEIGHT, { fit: 'fill', kernel: 'cubic' })
        .png({ compressionLevel: 0 })
        .toBuffer(),
    )
  }
  const part = {
    left: random.integer(0, WIDTH),
    top: random.integer(0, HEIGHT),
    width: WIDTH,
    height: HEIGHT,
  }
  layers.push(
    await picture({ data: grain, ...GRAIN })
      .extract(part)
      .png({ compressionLevel: 0 })
      .toBuffer(),
  )
  return sharp(layers[0])
    .composite(layers.slice(1).map((input) => ({ input })))
    .removeAlpha()
    .jpeg({ quality: 90 })
    .toBuffer()
}

/** Random colours in RGBA. */
function noise({ random, width, height, opacity }) {
  const data = new Uint8Array(width * height * 4)
  for (let at = 0; at < data.length; at++)
    data[at] = at % 4 === 3 ? Math.round(opacity * 255) : random.integer(0, 255)
  return data
}

function picture({ data, width, height }) {
  return sharp(data, { raw: { width, height, channels: 4 } })
}

async function* photographRows(rows) {
  for (let index = 0; index < rows; index++)
    yield {
      question: `What does picture ${index} show?`,
      answer: String(index),
      images: [{ bytes: await photograph(`photograph ${index}`), path: `${index}.jpg` }],
      transform: [],
      box: [10, 20, 300, 200],
      index,
      split: 'test',
      datasetName: 'photographs',
      dataSource: 'photographs',
    }
}

async function* miniWorldRows(rows) {
  const config = parseMiniWorldConfig({ rows, seed: 'speed', transforms: ['none'], pairs: 0 })
  for await (const task of drawTasks({ config })) yield taskRow({ task, config })
}

/** What is measured on: name, what it is, and how its rows are written. The levels of compression are those with which Pillow's files come nearest to ours in size. */
export const SOURCES = [
  {
    name: 'photographs',
    describe: `JPEG of ${WIDTH} × ${HEIGHT}, quality 90`,
    pillowLevel: 1,
    write: (path, rows) => writeParquet({ path, rows: photographRows(rows) }),
  },
  {
    name: 'mini world',
    describe: 'PNG of 1.05 megapixels, a quarter of them spoilt',
    pillowLevel: 4,
    write: (path, rows) => writeParquet({ path, rows: miniWorldRows(rows), columns: 'annotated' }),
  },
]
