import sharp from 'sharp'

/** An image of which every pixel is known: the last channel tells the client, the others the session and the place. */
export interface KnownImage {
  width: number
  height: number
  pixels: Buffer
}

/** The image that a client opens a session with. */
export function knownImage({
  client,
  session,
  width,
  height,
}: {
  client: number
  session: number
  width: number
  height: number
}): KnownImage {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      pixels[(y * width + x) * 3] = (x * 7 + session * 13) % 256
      pixels[(y * width + x) * 3 + 1] = (y * 11 + session * 5) % 256
      pixels[(y * width + x) * 3 + 2] = client % 256
    }
  }
  return { width, height, pixels }
}

export async function encode({ width, height, pixels }: KnownImage): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
}

/** The call's number is written into one pixel, and the image turned by half: so a result tells its call and what it was made of. */
export function stamp({
  image: { width, height, pixels },
  client,
  call,
  x,
  y,
}: {
  image: KnownImage
  client: number
  call: number
  x: number
  y: number
}): { code: string; result: KnownImage } {
  const color = [(call >> 8) % 256, call % 256, client % 256] as const
  const turned = Buffer.alloc(pixels.length)
  const count = width * height
  for (let index = 0; index < count; index += 1) {
    const source = index === y * width + x ? Buffer.from(color) : pixels.subarray(index * 3, index * 3 + 3)
    source.copy(turned, (count - 1 - index) * 3)
  }
  const code = `image.putpixel((${x}, ${y}), (${color.join(', ')}))\nresult = image.transpose(Image.Transpose.ROTATE_180)`
  return { code, result: { width, height, pixels: turned } }
}
