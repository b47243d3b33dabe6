import { expect, test } from '@jest/globals'
import { ImageRoots } from './image-roots.js'
import { ImageSources } from './image-sources.js'

const { signal } = new AbortController()

async function sources(fileBytes = 100): Promise<ImageSources> {
  const roots = await ImageRoots.of([])
  return new ImageSources({ roots, urls: 'none', limits: { fileBytes, fetchMs: 1_000 } })
}

test('data is read as base64, as a data: URL, and with line breaks in it', async () => {
  const from = await sources()
  for (const data of ['YWJjZGU=', 'data:image/png;base64,YWJjZGU=', 'YWJj\n  ZGU=\n'])
    expect((await from.read({ kind: 'data', data }, { signal })).bytes.toString()).toBe('abcde')
})

test('data that is no base64, or too much, is refused before it is read', async () => {
  const from = await sources(6)
  await expect(from.read({ kind: 'data', data: '<svg>' }, { signal })).rejects.toThrow(
    'data: expected base64',
  )
  const long = Buffer.alloc(200).toString('base64')
  await expect(from.read({ kind: 'data', data: long }, { signal })).rejects.toThrow('larger than')
})

test('an address is refused where none may be opened', async () => {
  const url = 'https://pictures.example/a.png'
  await expect((await sources()).read({ kind: 'url', url }, { signal })).rejects.toMatchObject({
    message: 'This server opens no URLs.',
    hint: expect.stringContaining('--allow-urls'),
  })
})
