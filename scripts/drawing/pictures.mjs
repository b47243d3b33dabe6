import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { cropBoxOf } from './crop-box.mjs'
import { COLOURS, PICTURES, SCALE, STYLES } from './look.mjs'
import { line, paragraph } from './outlined-text.mjs'
import { panel } from './panel.mjs'

/** A result this many times as wide as high stands below the image it was cut from, over the whole column. */
const STRIP = 3
/** Room for the image above such a result, and between the two. */
const ABOVE = { width: 320, height: 240, gap: 40 }
/** Room for one of two images side by side. */
const HALF = { width: (PICTURES.width - PICTURES.gap) / 2, height: 240 }
const CAPTION = 30
/** Width of the frame around a region; it stands outside, so that nothing of the region is hidden. */
const FRAME = 3

/** The image that the code worked on, and what became of it. */
export async function drawPictures({ folder, call, execution, images, y }) {
  const load = async (number) => {
    const record = images[number]
    if (record === undefined) return null
    const name = record.call === null ? 'given' : `call-${record.call + 1}`
    return { number, ...record, bytes: await readFile(join(folder, `${number}-${name}.png`)) }
  }
  const before = await load(call.imageIndex ?? 0)
  const after = execution.status === 'ok' ? await load(execution.imageIndex) : null
  const time = `${Math.round(execution.durationMs)} ms`
  if (before === null)
    return drawFailure({ execution, x: PICTURES.left, width: PICTURES.width, y, height: HALF.height / 2 })
  if (after === null) return drawFailed({ before, execution, time, y })
  const crop = cropBoxOf({ code: call.code, before, after })
  const draw = after.width / after.height >= STRIP ? drawBelow : drawBeside
  return draw({ before, after, crop, time, y })
}

async function drawBelow({ before, after, crop, time, y }) {
  const ratio = fit(before, ABOVE)
  const source = {
    ...sizeOf(before, ratio),
    x: PICTURES.left + (PICTURES.width - before.width * ratio) / 2,
    y,
  }
  const top = y + source.height + ABOVE.gap
  const result = { ...sizeOf(after, PICTURES.width / after.width), x: PICTURES.left, y: top }
  const beside = { x: source.x + source.width + 16, y, style: STYLES.caption }
  const svg = [
    await picture(before, source),
    crop === null ? '' : marked({ crop, ratio, source, result }),
    await picture(after, result),
    line(`image ${before.number}`, beside),
    line(`${before.width} × ${before.height}`, { ...beside, y: y + STYLES.caption.lead }),
    caption([...wordsOf(after), time], result),
  ]
  return { svg: svg.join(''), height: top + result.height + CAPTION - y }
}

async function drawBeside({ before, after, crop, time, y }) {
  const ratio = fit(before, HALF)
  const tallest = Math.max(sizeOf(before, ratio).height, sizeOf(after, fit(after, HALF)).height)
  const source = centred(before, { x: PICTURES.left, y, height: tallest })
  const result = centred(after, { x: PICTURES.left + HALF.width + PICTURES.gap, y, height: tallest })
  const svg = [
    await picture(before, source),
    crop === null ? '' : marked({ crop, ratio, source, result: null }),
    caption(wordsOf(before), source),
    arrow({ y: y + tallest / 2, time }),
    await picture(after, result),
    caption(wordsOf(after), result),
  ]
  return { svg: svg.join(''), height: tallest + CAPTION }
}

async function drawFailed({ before, execution, time, y }) {
  const { height } = sizeOf(before, fit(before, HALF))
  const source = centred(before, { x: PICTURES.left, y, height })
  const x = PICTURES.left + HALF.width + PICTURES.gap
  const failure = drawFailure({ execution, x, width: HALF.width, y, height })
  const svg = [
    await picture(before, source),
    caption(wordsOf(before), source),
    arrow({ y: y + height / 2, time }),
    failure.svg,
  ]
  return { svg: svg.join(''), height: Math.max(height + CAPTION, failure.height) }
}

/** What went wrong, where the new image would stand. */
function drawFailure({ execution: { kind, type, message }, x, width, y, height }) {
  const style = { ...STYLES.caption, colour: COLOURS.wrong }
  const said = paragraph(`${type === null ? '' : `${type}: `}${message}`, {
    x: x + 16,
    y: y + 46,
    width: width - 32,
    style,
    most: 6,
  })
  const tall = Math.max(height, said.height + 62)
  const ground = panel({ x, y, width, height: tall, fill: COLOURS.wrongPanel })
  const label = line(`No image: ${kind}`, {
    x: x + 16,
    y: y + 16,
    style: { ...style, font: 'roboto-bold', size: 16 },
  })
  return { svg: ground + label + said.svg, height: tall }
}

/** The region, framed, and the rest of the image paled; lines lead to a result that stands below. */
function marked({ crop: [left, top, right, bottom], ratio, source, result }) {
  const x = source.x + left * ratio - FRAME
  const y = source.y + top * ratio - FRAME
  const width = (right - left) * ratio + 2 * FRAME
  const height = (bottom - top) * ratio + 2 * FRAME
  const whole = `M${source.x} ${source.y}h${source.width}v${source.height}h${-source.width}z`
  const frame = `M${x} ${y}h${width}v${height}h${-width}z`
  const leads =
    result === null
      ? ''
      : `M${x} ${y + height}L${result.x} ${result.y}M${x + width} ${y + height}L${result.x + result.width} ${result.y}`
  return (
    `<path d="${whole}${frame}" fill="#ffffff" fill-opacity="0.45" fill-rule="evenodd"/>` +
    `<path d="${leads}" stroke="${COLOURS.accent}" stroke-width="1.5" stroke-opacity="0.55" fill="none"/>` +
    `<path d="${frame}" fill="none" stroke="#ffffff" stroke-width="${2 * FRAME}"/>` +
    `<path d="${frame}" fill="none" stroke="${COLOURS.accent}" stroke-width="${FRAME}"/>`
  )
}

async function picture({ bytes }, { x, y, width, height }) {
  const small = await sharp(bytes)
    .resize(Math.round(width * SCALE), Math.round(height * SCALE), { fit: 'fill' })
    .png()
    .toBuffer()
  const place = `x="${x}" y="${y}" width="${width}" height="${height}"`
  return (
    `<image ${place} href="data:image/png;base64,${small.toString('base64')}"/>` +
    `<rect ${place} fill="none" stroke="#000000" stroke-opacity="0.15"/>`
  )
}

function fit({ width, height }, room) {
  return Math.min(room.width / width, room.height / height)
}

function sizeOf({ width, height }, ratio) {
  return { width: Math.max(1, Math.round(width * ratio)), height: Math.max(1, Math.round(height * ratio)) }
}

/** Where an image stands in a half of the column that is `height` high. */
function centred(image, { x, y, height }) {
  const size = sizeOf(image, fit(image, HALF))
  return { ...size, x: x + (HALF.width - size.width) / 2, y: y + (height - size.height) / 2 }
}

function wordsOf({ number, width, height }) {
  return [`image ${number}`, `${width} × ${height}`]
}

function caption(words, { x, y, width, height }) {
  return line(words.join('  ·  '), {
    x: x + width / 2,
    y: y + height + 6,
    style: STYLES.caption,
    align: 0.5,
  })
}

function arrow({ y, time }) {
  const x = PICTURES.left + HALF.width + PICTURES.gap / 2
  return (
    `<path d="M${x - 16} ${y}h31m-9 -8l9 8l-9 8" fill="none" stroke="${COLOURS.muted}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>` +
    line(time, { x, y: y + 10, style: STYLES.caption, align: 0.5 })
  )
}
