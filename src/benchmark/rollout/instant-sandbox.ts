import sharp from 'sharp'
import type { SandboxImage } from '../../core/image.js'
import type { Sandbox } from '../../core/sandbox.js'

/** `prepared`: an image's PNG is there already; `sharp`: it is encoded as always, once for each image. */
export type Encoding = 'prepared' | 'sharp'

/** A sandbox that answers at once: every call's result is the image that it was given here. What remains of a rollout's time is the controller's. */
export function createInstantSandbox({
  pixels,
  side,
  png,
  encoding,
}: {
  /** RGB, side × side. */
  pixels: Buffer
  side: number
  png: Buffer
  encoding: Encoding
}): Sandbox {
  const newImage = (): SandboxImage => ({
    width: side,
    height: side,
    mode: 'RGB',
    sourceMode: 'RGB',
    pixels: () => Promise.resolve(pixels),
    png: () =>
      encoding === 'prepared'
        ? Promise.resolve(png)
        : sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
            .png()
            .toBuffer(),
  })
  return {
    profile: 'standard',
    versions: () => Promise.reject(new Error('An instant sandbox runs nothing.')),
    open: (sources) => {
      const images = sources.map(newImage)
      return Promise.resolve({
        images,
        add: () => Promise.resolve(images.push(newImage()) - 1),
        execute: () => {
          const image = newImage()
          images.push(image)
          return Promise.resolve({
            status: 'ok',
            image,
            unchanged: false,
            imageIndex: images.length - 1,
            stdout: '',
            operations: [],
            durationMs: 0,
          })
        },
        view: (index) => {
          const image = images[index]
          return image ? Promise.resolve(image) : Promise.reject(new RangeError(`no image ${index}`))
        },
        close: () => Promise.resolve(),
      })
    },
    close: () => Promise.resolve(),
  }
}
