import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { transformImage } from '../transforms/transform-image.js'
import { ORIENTATIONS } from '../../core/orientation.js'
import { correlation } from './correlation.js'
import { differenceHash, hammingDistance } from './difference-hash.js'
import { inspectImage } from './inspect-image.js'
import { likelyOrientation } from './likely-orientation.js'
import { orientThumbnail } from './orient-thumbnail.js'
import { picture } from './testing/picture.js'
import type { Thumbnail } from './thumbnail.js'

async function thumbnailOf(bytes: Buffer): Promise<Thumbnail> {
  const inspection = await inspectImage(bytes)
  if (!inspection.isDecodable) throw new Error(inspection.reason)
  return inspection.thumbnail
}

describe('differenceHash', () => {
  test('is 0 of a plain thumbnail, and of a ramp to the right every bit is set', () => {
    expect(differenceHash(new Uint8Array(1024).fill(200))).toEqual([0, 0])
    const ramp = Uint8Array.from({ length: 1024 }, (_, at) => (at % 32) * 8)
    expect(hammingDistance(differenceHash(ramp), [0, 0])).toBe(64)
    const falling = orientThumbnail({ thumbnail: ramp, orientation: 'flip_horizontal' })
    expect(differenceHash(falling)).toEqual([0, 0])
  })

  test('hardly changes when a picture is scaled or compressed', async () => {
    for (const seed of ['a', 'b', 'c']) {
      const source = await picture({ seed })
      const hash = differenceHash(await thumbnailOf(source))
      for (const copy of [
        await sharp(source).jpeg({ quality: 50 }).toBuffer(),
        await sharp(source).resize(61, 46, { fit: 'fill' }).png().toBuffer(),
        await sharp(source).toColourspace('rgb16').png().toBuffer(),
      ])
        expect(hammingDistance(differenceHash(await thumbnailOf(copy)), hash)).toBeLessThanOrEqual(4)
    }
  })

  test('is far from that of other pictures', async () => {
    const thumbnails = await Promise.all(
      Array.from({ length: 12 }, async (_, at) => thumbnailOf(await picture({ seed: `other ${at}` }))),
    )
    for (const [at, one] of thumbnails.entries()) {
      for (const other of thumbnails.slice(at + 1)) {
        expect(hammingDistance(differenceHash(one), differenceHash(other))).toBeGreaterThan(10)
        expect(correlation(one, other)).toBeLessThan(0.9)
      }
    }
  })
})

describe('a thumbnail', () => {
  test.each(ORIENTATIONS)('of an image after %s is its thumbnail after the same', async (transform) => {
    const source = await picture({ seed: 'turned' })
    const turned = await thumbnailOf(await transformImage({ bytes: source, transform }))
    const from = await thumbnailOf(source)
    expect(correlation(orientThumbnail({ thumbnail: from, orientation: transform }), turned)).toBeGreaterThan(
      0.999,
    )
    expect(likelyOrientation({ from, to: turned })).toMatchObject({ orientation: transform })
  })

  test('tells that two pictures are different ones', async () => {
    const [from, to] = [await picture({ seed: 'one' }), await picture({ seed: 'two' })]
    expect(likelyOrientation({ from: await thumbnailOf(from), to: await thumbnailOf(to) })).toBeNull()
  })
})

describe('inspectImage', () => {
  test('decodes to the last line: a file that is cut off is told, whatever its format', async () => {
    const source = sharp(await picture({ seed: 'cut', width: 400, height: 300 }))
    for (const whole of [
      await source.clone().png().toBuffer(),
      await source.clone().jpeg().toBuffer(),
      await source.clone().webp().toBuffer(),
    ]) {
      expect(await inspectImage(whole)).toMatchObject({ isDecodable: true, width: 400, height: 300 })
      const cut = whole.subarray(0, Math.floor(whole.length * 0.7))
      expect(await inspectImage(cut)).toMatchObject({ isDecodable: false })
    }
    expect(await inspectImage(Buffer.from('no image'))).toMatchObject({ isDecodable: false })
  })
})
