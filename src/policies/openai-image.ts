import sharp from 'sharp'
import type { EncodedImage } from '../core/image.js'

/** How images travel to the model: part of a run's configuration, because it changes what the model sees. */
export type ImageEncoding = { format: 'png' } | { format: 'jpeg'; quality: number }

/**
 * A function that gives an image as a data URI. A conversation is sent whole at every turn, so each image is encoded once for as long
 * as it is held by someone.
 */
export function createImageEncoder(encoding: ImageEncoding): (image: EncodedImage) => Promise<string> {
  const encoded = new WeakMap<EncodedImage, Promise<string>>()
  return (image) => {
    const known = encoded.get(image)
    if (known) return known
    const uri = dataUri({ image, encoding })
    encoded.set(image, uri)
    // A failed read is not remembered; whoever awaits `uri` gets the error.
    uri.catch(() => encoded.delete(image))
    return uri
  }
}

async function dataUri({
  image,
  encoding,
}: {
  image: EncodedImage
  encoding: ImageEncoding
}): Promise<string> {
  const bytes = await encode({ image, encoding })
  return `data:image/${encoding.format};base64,${bytes.toString('base64')}`
}

/** A PNG that is wanted as PNG keeps its bytes. */
async function encode({
  image,
  encoding,
}: {
  image: EncodedImage
  encoding: ImageEncoding
}): Promise<Buffer> {
  const bytes = await image.read()
  switch (encoding.format) {
    case 'png':
      return image.mediaType === 'image/png' ? bytes : sharp(bytes).png().toBuffer()
    case 'jpeg':
      // Full chroma: small coloured text is what is looked at. Alpha goes over white, as PIL users expect of a page.
      return sharp(bytes)
        .flatten({ background: 'white' })
        .jpeg({ quality: encoding.quality, chromaSubsampling: '4:4:4' })
        .toBuffer()
  }
}
