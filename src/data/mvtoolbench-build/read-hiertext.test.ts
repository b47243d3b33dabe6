import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UsageError } from '../../core/errors.js'
import type { HiertextAnnotation } from './hiertext-annotation.js'
import { readHiertext } from './read-hiertext.js'
import { annotate } from './testing/annotate.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-hiertext-'))
afterAll(() => rm(folder, { recursive: true }))

const annotations = [0, 1, 2].map((index) => ({
  ...annotate([['Grüße 漢字', 'second']]),
  image_id: `image-${index}`,
}))
const text = JSON.stringify({ info: { date: 'd', version: 'v' }, annotations })

async function fileOf(content: string | Buffer): Promise<string> {
  const path = join(folder, 'train.jsonl')
  await writeFile(path, content)
  return path
}

async function readAll(path: string): Promise<HiertextAnnotation[]> {
  const read: HiertextAnnotation[] = []
  for await (const annotation of readHiertext({ path })) read.push(annotation)
  return read
}

async function failureOf(content: string | Buffer): Promise<string> {
  const path = await fileOf(content)
  const error: unknown = await readAll(path).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(UsageError)
  return (error as Error).message.replaceAll(path, 'FILE')
}

describe('the published files', () => {
  test('are read plain and gzipped alike, told by their bytes and not by their names', async () => {
    expect(await readAll(await fileOf(text))).toEqual(annotations)
    expect(await readAll(await fileOf(gzipSync(text)))).toEqual(annotations)
  })

  test('may hold other keys before and after the annotations', async () => {
    const other = JSON.stringify({ annotations, licences: [{ annotations: 1 }], more: [1, 2] })
    expect(await readAll(await fileOf(other))).toHaveLength(3)
  })

  test('tell how much of them was read', async () => {
    const shares: number[] = []
    for await (const annotation of readHiertext({
      path: await fileOf(text),
      onRead: (share) => shares.push(share),
    }))
      expect(annotation.image_width).toBe(2000)
    expect(shares.at(-1)).toBe(1)
  })
})

describe('a file that is something else is refused', () => {
  test('with the place of a mistake in the JSON, also inside of gzip', async () => {
    const at = text.indexOf('"image-1"')
    const wrong = `${text.slice(0, at)}]${text.slice(at)}`
    const said = new RegExp(
      `^FILE: expected HierText annotations.*at character ${at} \\(line 1, column ${at + 1}\\)`,
    )
    expect(await failureOf(wrong)).toMatch(said)
    expect(await failureOf(gzipSync(wrong))).toMatch(said)
  })

  test('when it is cut off, with where, or as damaged gzip', async () => {
    expect(await failureOf(text.slice(0, 500))).toMatch(/breaks off or is wrong at character \d+/)
    expect(await failureOf(gzipSync(text).subarray(0, 200))).toMatch(/gzipped file is damaged or cut off/)
  })

  test('when it is empty, or has no annotations', async () => {
    expect(await failureOf('')).toMatch(/expected HierText annotations/)
    expect(await failureOf('{"info": {}}')).toMatch(/found no annotation/)
    expect(await failureOf('{"annotations": []}')).toMatch(/found no annotation/)
    expect(await failureOf('{"annotations": {"a": 1}}')).toMatch(/expected HierText annotations/)
  })

  test('when an annotation lacks something, naming which and what', async () => {
    const [first, second] = annotations
    const bad = JSON.stringify({ annotations: [first, { ...second, image_width: 'wide' }] })
    expect(await failureOf(bad)).toMatch(/^FILE, annotation 2: `image_width`: expected number, got "wide"/)
  })

  test('when it is not there', async () => {
    await expect(readAll(join(folder, 'nothing'))).rejects.toThrow(
      /nothing: expected HierText annotations.*ENOENT/,
    )
  })
})

test('reading stops when it is told to', async () => {
  const stop = new AbortController()
  const reading = async (): Promise<void> => {
    for await (const { image_id } of readHiertext({ path: await fileOf(text), signal: stop.signal }))
      if (image_id === 'image-0') stop.abort()
  }
  await expect(reading()).rejects.toHaveProperty('name', 'AbortError')
})
