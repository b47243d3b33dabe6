// The pictures of a row as a reader of the evidence is given them.
import sharp from 'sharp'

/** The picture as the model's view shows it, and the box in it. */
export async function viewOf({ bytes, box, view }) {
  const { width, height } = await sharp(bytes).metadata()
  const scale = Math.sqrt(view / (width * height))
  const seen = await sharp(bytes)
    .resize(Math.round(width * scale), Math.round(height * scale), { kernel: 'lanczos3', fit: 'fill' })
    .png()
    .toBuffer()
  return { bytes: seen, box: box.map((edge, side) => (side < 2 ? Math.floor(edge * scale) : Math.ceil(edge * scale))), scale }
}

/** A region, as high as OCR likes it, with a margin of its own ground. */
export async function enlarged({ bytes, box: [left, top, right, bottom], height }) {
  const { width, height: most } = await sharp(bytes).metadata()
  const region = { left, top, width: Math.min(width, right) - left, height: Math.min(most, bottom) - top }
  return sharp(bytes)
    .extract(region)
    .resize({ height, kernel: 'cubic' })
    .extend({ top: 20, bottom: 20, left: 20, right: 20, extendWith: 'copy' })
    .png()
    .toBuffer()
}
