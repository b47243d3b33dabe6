import { createHash } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { TRANSFORMS } from '../../core/transform.js'
import { inverseOf } from '../transforms/inverse.js'
import { transformImage } from '../transforms/transform-image.js'
import { generateDemoSuite, type DemoRow } from './generate-demo-suite.js'

async function drawn(parameters: { rows: number; seed: string }): Promise<DemoRow[]> {
  const rows: DemoRow[] = []
  for await (const row of generateDemoSuite(parameters)) rows.push(row)
  return rows
}

const imageOf = (row: DemoRow): Uint8Array => row.images[0]?.bytes ?? new Uint8Array()
const digestOf = (row: DemoRow): string => createHash('sha256').update(imageOf(row)).digest('hex')

describe('generateDemoSuite', () => {
  test('draws the same bytes for the same seed and others for another', async () => {
    const [first, again, other] = await Promise.all([
      drawn({ rows: 6, seed: 'a' }),
      drawn({ rows: 6, seed: 'a' }),
      drawn({ rows: 6, seed: 'b' }),
    ])
    expect(first.map(digestOf)).toEqual(again.map(digestOf))
    expect(new Set([...first, ...other].map(digestOf)).size).toBe(12)
    expect(first.map((row) => row.answer)).not.toEqual(other.map((row) => row.answer))
  })

  test('holds each orientation and each kind of scene equally often', async () => {
    const suite = await drawn({ rows: 24, seed: 'a' })
    for (const transform of TRANSFORMS)
      expect(suite.filter((row) => row.applied === transform)).toHaveLength(4)
    for (const kind of ['receipt', 'badges', 'directory', 'timetable'])
      expect(suite.filter((row) => row.kind === kind)).toHaveLength(6)
  })

  test('gives away no answer in question or file name and does not repeat answers', async () => {
    const suite = await drawn({ rows: 48, seed: 'a' })
    for (const row of suite) {
      expect(row.question).not.toContain(row.answer)
      expect(row.images[0]?.path).toMatch(/^demo-\d{3}\.png$/)
    }
    expect(new Set(suite.map((row) => row.answer)).size).toBeGreaterThan(44)
  })

  test('puts ink inside every box of evidence, in the coordinates of the image that is given', async () => {
    for (const row of await drawn({ rows: 24, seed: 'c' })) {
      const [left, top, right, bottom] = row.box ?? [0, 0, 0, 0]
      const { channels } = await sharp(imageOf(row))
        .extract({ left, top, width: right - left, height: bottom - top })
        .greyscale()
        .stats()
      expect(channels[0]?.stdev).toBeGreaterThan(10)
      const again = await transformImage({ bytes: imageOf(row), transform: inverseOf(row.applied) })
      const upright = await sharp(again).metadata()
      expect(upright.width > upright.height).toBe(row.kind !== 'receipt')
    }
  })
})
