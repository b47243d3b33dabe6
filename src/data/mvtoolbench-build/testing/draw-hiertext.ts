import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sharp from 'sharp'
import { createCanvas, type Canvas } from '../../demo/canvas.js'
import { createRandom, type Random } from '../../demo/random.js'
import { loadTypeface } from '../../demo/typeface.js'
import { makeNames, makePrices } from '../../demo/words.js'
import type { HiertextAnnotation, HiertextLine, HiertextWord } from '../hiertext-annotation.js'

const SIZE = { width: 2000, height: 1500 }
const INK = '#1c1c1c'
/** Pixels per em: words of a few letters take less than 0.01 % of the image. */
const EM = 9
const WORDS = [
  'Oak',
  'bird',
  'sun',
  'map',
  'road',
  'ink',
  'dust',
  'tea',
  'fog',
  'hut',
  'rain',
  'cup',
  'den',
  'fern',
  'gate',
  'hop',
]

/** Draw pages of small print, and annotate them as HierText does. */
export async function drawHiertext({
  folder,
  images,
  seed = 'pages',
  format = 'jpg',
}: {
  /** Gets `images/`, `annotations.jsonl` and the same gzipped. */
  folder: string
  images: number
  seed?: string
  format?: 'jpg' | 'png'
}): Promise<{ annotations: HiertextAnnotation[]; file: string; gzipped: string; imageFolder: string }> {
  const imageFolder = join(folder, 'images')
  await mkdir(imageFolder, { recursive: true })
  const annotations: HiertextAnnotation[] = []
  for (let index = 0; index < images; index++) {
    const { canvas, annotation } = drawPage({ index, seed })
    annotations.push(annotation)
    const picture = sharp(Buffer.from(canvas.svg())).removeAlpha()
    const bytes = await (format === 'jpg' ? picture.jpeg({ quality: 95 }) : picture.png()).toBuffer()
    await writeFile(join(imageFolder, `${annotation.image_id}.${format}`), bytes)
  }
  const text = JSON.stringify({ info: { date: '2022', version: 'test' }, annotations })
  const [file, gzipped] = [join(folder, 'annotations.jsonl'), join(folder, 'annotations.jsonl.gz')]
  await writeFile(file, text)
  await writeFile(gzipped, gzipSync(text))
  return { annotations, file, gzipped, imageFolder }
}

/** One page: a heading, running text in which a word comes back, a list of names, and a price list. */
export function drawPage({ index, seed }: { index: number; seed: string }): {
  canvas: Canvas
  annotation: HiertextAnnotation
} {
  const random = createRandom({ seed: `${seed}/${index}` })
  const canvas = createCanvas({ ...SIZE, background: random.pick(['#f4efe2', '#e8eef2', '#f2e6e6']) })
  const names = makeNames({ random, count: 12 })
  const prices = makePrices({ random, count: 5 })
  const [left, top] = [random.integer(100, 900), random.integer(200, 700)]
  const lines = (texts: string[], x: number, y: number, size = EM): HiertextLine[] =>
    texts.map((text, at) => writeLine({ canvas, text, x, y: y + at * size * 1.7, size }))
  const blocks = [
    lines([`Guide ${names[11] ?? ''}`], 120, 130, 64),
    lines(runningText({ random, names }), left, top),
    lines(names.slice(0, 5), left + 420, top + 120),
    lines(
      prices.map((price, at) => `${names[5 + at] ?? ''} ${price}`),
      left + 60,
      top + 320,
    ),
  ]
  return {
    canvas,
    annotation: {
      image_id: `page${seed}${String(index).padStart(4, '0')}`,
      image_width: SIZE.width,
      image_height: SIZE.height,
      paragraphs: blocks.map((block) => ({
        vertices: block.flatMap(({ vertices }) => vertices),
        legible: true,
        lines: block,
      })),
    },
  }
}

/** Four lines, each with a beginning of its own; the first of the words stands in several of them. */
function runningText({ random, names }: { random: Random; names: readonly string[] }): string[] {
  const [again = '', ...words] = random.shuffle(WORDS)
  const repeated = random.integer(2, 4)
  return [0, 1, 2, 3].map((line) =>
    [
      names[line + 7]?.toLowerCase(),
      ...words.slice(line * 3, line * 3 + random.integer(2, 3)),
      ...(line < repeated ? [again] : []),
      words[12 + (line % 3)],
    ].join(' '),
  )
}

function writeLine({
  canvas,
  text,
  x,
  y,
  size,
}: {
  canvas: Canvas
  text: string
  x: number
  y: number
  size: number
}): HiertextLine {
  const typeface = loadTypeface('dejavu')
  const space = typeface.width(' ', size)
  let pen = x
  const words = text.split(' ').map((word): HiertextWord => {
    canvas.text(word, { x: pen, y }, { font: 'dejavu', size, colour: INK })
    const right = pen + typeface.width(word, size)
    const vertices = rectangle({ left: pen, top: y - size * 0.78, right, bottom: y + size * 0.24 })
    pen = right + space
    return { vertices, text: word, legible: true, handwritten: false, vertical: false }
  })
  const vertices = rectangle({ left: x, top: y - size * 0.85, right: pen - space, bottom: y + size * 0.3 })
  return { vertices, text, legible: true, handwritten: false, vertical: false, words }
}

/** Vertices of an upright rectangle in HierText's order: along the upper side, back along the lower. */
export function rectangle({
  left,
  top,
  right,
  bottom,
}: {
  left: number
  top: number
  right: number
  bottom: number
}): number[][] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ]
}
