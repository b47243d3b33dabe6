import sharp from 'sharp'

/**
 * Does what the agent's own calls ask for, with another library: turns, mirrors, crops and enlarges. Throws on any other code, so that
 * a changed call cannot pass unnoticed.
 */
export async function runFakeCode({ image, code }: { image: Buffer; code: string }): Promise<Buffer> {
  const source = sharp(image)
  const turned = /^result = image\.rotate\((\d+), expand=True\)$/.exec(code)
  if (turned)
    return source
      .rotate(360 - Number(turned[1]))
      .png()
      .toBuffer()
  if (code === 'result = ImageOps.mirror(image)') return source.flop().png().toBuffer()
  if (code === 'result = ImageOps.flip(image)') return source.flip().png().toBuffer()

  const parts = [...code.matchAll(/int\([wh] \* ([\d.]+)\)/g)].map((match) => Number(match[1]))
  const { width, height } = await source.metadata()
  const [left = 0, top = 0, right = 0, bottom = 0] = parts.map((part, index) =>
    Math.trunc(part * (index % 2 === 0 ? width : height)),
  )
  if (parts.length !== 4) throw new Error(`Expected a turn or a crop, got: ${code}`)
  const region = { left, top, width: right - left, height: bottom - top }
  return source
    .extract(region)
    .resize({ width: region.width * 2 })
    .png()
    .toBuffer()
}
