import type { Sharp } from 'sharp'

/** Written into every file, so that none tells by it how it was made. */
const DENSITY = 72

/** PNG of a picture. Drawings have large even areas: hardly a byte is gained by more effort. */
export async function encodePicture(pipeline: Sharp): Promise<Buffer> {
  return pipeline.withDensity(DENSITY).png({ compressionLevel: 4, adaptiveFiltering: false }).toBuffer()
}
