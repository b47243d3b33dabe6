import { afterAll, describe, expect, test } from '@jest/globals'
import { parquetMetadataAsync } from 'hyparquet'
import { fileWriter, parquetWriteRows, type SchemaElement } from 'hyparquet-writer'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetBuffer } from './parquet-buffer.js'
import { openParquet } from './parquet-file.js'
import { parquetSlices } from './parquet-slices.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-parquet-'))
afterAll(() => rm(folder, { recursive: true }))

const ROWS = 40
const BYTES = 50_000
const SLICE_BYTES = 500_000

const schema: SchemaElement[] = [
  { name: 'schema', num_children: 3 },
  { name: 'question', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'answer', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
]

function imageOf(index: number): Buffer {
  const seed = createHash('sha256').update(String(index)).digest()
  return Buffer.alloc(BYTES, seed)
}

const path = join(folder, 'large.parquet')
await parquetWriteRows({
  writer: fileWriter(path),
  rows: Array.from({ length: ROWS }, (_, index) => ({
    question: `Question ${index}?`,
    answer: Array.from({ length: index % 3 }, (_unused, at) => `${index}.${at}`),
    image: { bytes: imageOf(index), path: `${index}.png` },
  })),
  columns: [{ name: 'question' }, { name: 'answer' }, { name: 'image' }],
  schema,
  codec: 'UNCOMPRESSED',
  rowGroupSize: ROWS,
  // A page for each image.
  pageSize: 1000,
})

const open = (): ReturnType<typeof openParquet> =>
  openParquet({ path, required: ['image'], schema: 'test', sliceBytes: SLICE_BYTES })

describe('a row group of more bytes than may be held', () => {
  test('is read in slices that end at pages', async () => {
    const file = await parquetBuffer(path)
    const metadata = await parquetMetadataAsync(file)
    expect(metadata.row_groups).toHaveLength(1)
    const slices = await parquetSlices({
      file,
      metadata,
      groupIndex: 0,
      rowStart: 0,
      sliceBytes: SLICE_BYTES,
    })
    expect(slices.length).toBeGreaterThan(1)
    expect(slices.map(({ rowStart }) => rowStart)).toEqual([
      0,
      ...slices.slice(0, -1).map(({ rowEnd }) => rowEnd),
    ])
    expect(slices.at(-1)?.rowEnd).toBe(ROWS)
    for (const { rowStart, rowEnd } of slices)
      expect((rowEnd - rowStart) * BYTES).toBeLessThanOrEqual(SLICE_BYTES)
  })

  test('gives every row with its own list, name and bytes', async () => {
    const file = await open()
    let seen = 0
    for await (const { index, row } of file.rows()) {
      const { image, ...texts } = row as { image: { bytes: Uint8Array; path: string } }
      expect(index).toBe(seen++)
      expect(texts).toEqual({
        question: `Question ${index}?`,
        answer: Array.from({ length: index % 3 }, (_, at) => `${index}.${at}`),
      })
      expect(image.path).toBe(`${index}.png`)
      expect(Buffer.compare(image.bytes, imageOf(index))).toBe(0)
    }
    expect(seen).toBe(ROWS)
  })

  test('gives single rows of later slices', async () => {
    const found: unknown[] = []
    for await (const { index, row } of (await open()).rows({ isWanted: (at) => at === 5 || at === 37 }))
      found.push([index, row.question])
    expect(found).toEqual([
      [5, 'Question 5?'],
      [37, 'Question 37?'],
    ])
  })
})
