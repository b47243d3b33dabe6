import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { ImageAttack } from '../attack.js'

/** Image files that no session may be opened with. */
export const IMAGES: readonly ImageAttack[] = [
  {
    name: 'decompression bomb',
    by: 'image',
    image: async () => png({ width: 30_000, height: 30_000 }),
    expect: ['ImageError'],
    isShort: true,
  },
  {
    name: 'truncated PNG',
    by: 'image',
    image: async () => {
      const whole = await sharp({
        create: {
          width: 64,
          height: 64,
          channels: 3,
          background: 'teal',
          noise: { type: 'gaussian', mean: 128, sigma: 40 },
        },
      })
        .png()
        .toBuffer()
      return whole.subarray(0, whole.length / 2)
    },
    expect: ['ImageError'],
    isShort: true,
  },
  {
    name: 'PNG without a width',
    by: 'image',
    image: async () => png({ width: 0, height: 8 }),
    expect: ['ImageError'],
  },
  { name: 'no bytes at all', by: 'image', image: async () => Buffer.alloc(0), expect: ['ImageError'] },
  {
    name: 'a program in place of an image',
    by: 'image',
    image: async () => Buffer.from('#!/bin/sh\ntouch /tmp/x\n'),
    expect: ['ImageError'],
  },
]

/** A PNG of zeros, one bit a pixel, which is small whatever it unfolds to. */
function png({ width, height }: { width: number; height: number }): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
