import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { loadSuite } from './load-suite.js'
import { openJsonl } from './rows/jsonl-file.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-plan-index-'))
afterAll(() => rm(folder, { recursive: true }))

let count = 0
let path: string
beforeEach(async () => {
  process.env['CODEVISION_CACHE'] = join(folder, `cache-${count}`)
  path = join(folder, `rows-${count++}.jsonl`)
  const rows = Array.from({ length: 5 }, (_, index) => ({
    id: `row-${index}`,
    question: `${index}?`,
    answer: 'a',
    image: 'picture.png',
    ...(index === 3 && { bbox: [4, 4, 4, 4] }),
  }))
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  await writeFile(join(folder, 'picture.png'), 'a picture')
  // What has just been written may be written again within one step of the file system's clock, and is not kept.
  await pause(150)
})

async function entriesOf(isWanted?: (index: number) => boolean): Promise<unknown[]> {
  const suite = await loadSuite({ suite: path })
  const entries: unknown[] = []
  for await (const entry of suite.entries(isWanted ? { isWanted } : {})) entries.push(entry)
  return entries
}

describe('the plan index', () => {
  test('gives the same keys, names and notices from the cache as from the rows', async () => {
    const first = await entriesOf()
    expect(first).toHaveLength(5)
    expect(await readdir(join(process.env['CODEVISION_CACHE'] ?? '', 'data/plans'))).toHaveLength(1)
    expect(await entriesOf()).toEqual(first)
    expect(first[3]).toMatchObject({ id: 'row-3', notices: [expect.stringMatching(/taken as unknown/)] })
  })

  test('answers from the cache and not from the rows', async () => {
    const plans = join(process.env['CODEVISION_CACHE'] ?? '', 'data/plans')
    const first = await entriesOf()
    for (const name of await readdir(plans)) {
      const kept = await readFile(join(plans, name), 'utf8')
      await writeFile(join(plans, name), kept.replace('row-0', 'kept-0'))
    }
    expect((await entriesOf()).map((entry) => (entry as { id: string }).id)).toEqual(
      first.map((_, index) => (index === 0 ? 'kept-0' : `row-${index}`)),
    )
  })

  test('is made anew when an image beside the rows has gone or changed', async () => {
    const before = await entriesOf()
    await rm(join(folder, 'picture.png'))
    await expect(entriesOf()).rejects.toThrow(/expected an image file at .*picture\.png/)
    await writeFile(join(folder, 'picture.png'), 'another picture')
    const after = await entriesOf()
    expect(after.map((entry) => (entry as { key: string }).key)).not.toEqual(
      before.map((entry) => (entry as { key: string }).key),
    )
  })

  test('grows by what a later selection asks for', async () => {
    const some = await entriesOf((index) => index < 2)
    const all = await entriesOf()
    expect(all.slice(0, 2)).toEqual(some)
    expect(all).toHaveLength(5)
  })

  test('is made anew when the data change, when it is damaged, and is not needed where the cache cannot be written', async () => {
    const before = await entriesOf()
    await appendFile(
      path,
      `${JSON.stringify({ id: 'new', question: 'n?', answer: 'a', image: 'picture.png' })}\n`,
    )
    expect(await entriesOf()).toHaveLength(6)
    const plans = join(process.env['CODEVISION_CACHE'] ?? '', 'data/plans')
    for (const name of await readdir(plans)) await writeFile(join(plans, name), '{"layout":1,"entries"')
    expect((await entriesOf()).slice(0, 5)).toEqual(before)
    process.env['CODEVISION_CACHE'] = path
    expect((await entriesOf()).slice(0, 5)).toEqual(before)
  })

  test('rows are reached by place from the cache', async () => {
    await openJsonl({ path })
    const file = await openJsonl({ path })
    const found: unknown[] = []
    for await (const { where, row } of file.rows({ isWanted: (index) => index === 4 }))
      found.push([where, row.id])
    expect(found).toEqual([[`${path} line 5`, 'row-4']])
  })
})
