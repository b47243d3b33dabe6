import sharp from 'sharp'
import type { Box } from '../../core/transform.js'
import { inverseOf } from '../transforms/inverse.js'
import { mapBox } from '../transforms/map-box.js'
import { transformImage } from '../transforms/transform-image.js'
import { transformedSize, type Size } from '../transforms/transformed-size.js'
import type { RenderedRow } from './render-rows.js'

/** Longest side of a picture on the sheet, in pixels. */
const SIDE = 560
/** Pixels of the image that are shown around a box, and how far a small region is enlarged at most. */
const MARGIN: Size = { width: 120, height: 60 }
const MOST_ENLARGED = 6

/** A few rows on one page for a person to look at: the image as the model is given it with the box drawn, and the box upright and enlarged. */
export interface ContactSheet {
  add(rendered: RenderedRow): Promise<void>
  /** One HTML file with its pictures inside. */
  html(title: string): string
}

export function createContactSheet(): ContactSheet {
  const entries: string[] = []
  return {
    add: async (rendered) => {
      entries.push(await entryOf(rendered))
    },
    html: (title) =>
      [
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        `<title>${escaped(title)}</title><style>${STYLE}</style><h1>${escaped(title)}</h1>`,
        ...entries,
        '</html>\n',
      ].join('\n'),
  }
}

async function entryOf({ row, planned, given }: RenderedRow): Promise<string> {
  const { image, candidate, transform } = planned
  const box = row.box ?? candidate.box
  const whole = await drawn({
    bytes: given,
    region: [0, 0, ...sizeOf(transformedSize({ ...image, transform }))],
    box,
  })
  const upright = await transformImage({ bytes: given, transform: inverseOf(transform) })
  // The box as the row has it, turned back: what is drawn here tells whether the row is right.
  const back = mapBox({
    box,
    ...transformedSize({ ...image, transform }),
    transform: inverseOf(transform),
  })
  const near = await drawn({ bytes: upright, region: around({ box: back, image }), box: back })
  const answers = [candidate.answer, ...candidate.alternatives]
    .map((text) => `<b>${escaped(text)}</b>`)
    .join(' or ')
  return [
    `<article><h2>${row.split} ${row.index} · ${candidate.kind} · ${transform}</h2>`,
    `<p>${escaped(candidate.question)} → ${answers}</p>`,
    `<p class="small">${escaped(image.imageId)}, ${image.width} × ${image.height}; box ${box.join(', ')}</p>`,
    `<figure>${whole}<figcaption>as given</figcaption></figure><figure>${near}<figcaption>undone, enlarged</figcaption></figure></article>`,
  ].join('\n')
}

/** A region of an image with a box drawn, as an element. */
async function drawn({ bytes, region, box }: { bytes: Uint8Array; region: Box; box: Box }): Promise<string> {
  const [left, top, right, bottom] = region
  const scale = Math.min(SIDE / Math.max(right - left, bottom - top), MOST_ENLARGED)
  const [width, height] = [Math.round((right - left) * scale), Math.round((bottom - top) * scale)]
  const place = [
    `x="${((box[0] - left) * scale - 2).toFixed(1)}" y="${((box[1] - top) * scale - 2).toFixed(1)}"`,
    `width="${((box[2] - box[0]) * scale + 4).toFixed(1)}" height="${((box[3] - box[1]) * scale + 4).toFixed(1)}"`,
  ].join(' ')
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect ${place} fill="none" stroke="#e6007e" stroke-width="2"/></svg>`
  const picture = await sharp(bytes, { limitInputPixels: false })
    .extract({ left, top, width: right - left, height: bottom - top })
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: Buffer.from(frame) }])
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 85 })
    .toBuffer()
  return `<img width="${width}" height="${height}" alt="" src="data:image/jpeg;base64,${picture.toString('base64')}">`
}

function around({ box, image }: { box: Box; image: Size }): Box {
  return [
    Math.max(0, box[0] - MARGIN.width),
    Math.max(0, box[1] - MARGIN.height),
    Math.min(image.width, box[2] + MARGIN.width),
    Math.min(image.height, box[3] + MARGIN.height),
  ]
}

function sizeOf({ width, height }: Size): [number, number] {
  return [width, height]
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

const STYLE = [
  'body { font: 16px/1.4 sans-serif; margin: 2rem auto; max-width: 1200px; padding: 0 1rem; color: #1c1c1c }',
  'article { border-top: 1px solid #bbb; padding: 0.5rem 0 1rem } h2 { font-size: 1rem; margin: 0.5rem 0 }',
  'p { margin: 0.25rem 0 } .small { color: #666; font-size: 0.85rem }',
  'figure { display: inline-block; margin: 0.5rem 1rem 0 0; vertical-align: top } figcaption { color: #666; font-size: 0.85rem }',
  'img { max-width: 100%; height: auto }',
].join('\n')
