import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import type { Task } from '../../core/task.js'
import { loadSuite } from '../load-suite.js'
import { drawTask } from './draw-task.js'
import { parseMiniWorldConfig } from './mini-world-config.js'
import { writeMiniWorld } from './write-mini-world.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-mini-world-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const config = parseMiniWorldConfig({
  rows: 12,
  seed: 'write',
  size: 512,
  view: 144 * 144,
  'read-height': 9,
  pairs: 1,
})

test('rows are read back as tasks, with what evaluation needs', async () => {
  const out = join(folder, 'rows')
  const { path, report } = await writeMiniWorld({ config, folder: out, keepCanonical: true })
  const tasks: Task[] = []
  for await (const { task } of (await loadSuite({ suite: path })).tasks()) tasks.push(task)
  expect(tasks).toHaveLength(12)
  for (const [index, task] of tasks.entries()) {
    const drawn = await drawTask({ config, index })
    expect(task).toMatchObject({
      id: `mini-${String(index).padStart(6, '0')}`,
      question: drawn.question,
      answers: [drawn.answer],
      box: drawn.box,
      transform: drawn.plan.transform,
      requiredTools: drawn.requiredTools,
      category: `${drawn.plan.family}/${drawn.plan.kind}`,
      metadata: { style: drawn.plan.style, split: 'train', dataset_name: 'mini-world' },
    })
    const images = await Promise.all(task.images.map((image) => image.read()))
    expect(images.map((bytes, at) => bytes.equals(drawn.pictures[at]?.given ?? Buffer.alloc(0)))).toEqual(
      images.map(() => true),
    )
    const canonical = await sharp(join(out, 'canonical', `${task.id}-0.png`)).metadata()
    expect(canonical.width * canonical.height).toBeGreaterThan(500 * 500)
  }
  expect(Object.values(report.tally.transform)).toEqual([2, 2, 2, 2, 2, 2])
})

test('the same seed gives the same bytes, another seed others', async () => {
  const write = (name: string, seed: string): Promise<Buffer> =>
    writeMiniWorld({ config: { ...config, rows: 4, seed }, folder: join(folder, name) }).then(({ path }) =>
      readFile(path),
    )
  const [first, again, other] = [await write('a', 'one'), await write('b', 'one'), await write('c', 'two')]
  expect(again.equals(first)).toBe(true)
  expect(other.equals(first)).toBe(false)
})

test('what is stopped in between leaves nothing', async () => {
  const out = join(folder, 'stopped')
  const stop = new AbortController()
  const writing = writeMiniWorld({
    config,
    folder: out,
    signal: stop.signal,
    onRow: (done) => done === 3 && stop.abort(),
  })
  await expect(writing).rejects.toThrow(/abort/)
  expect(await readdir(out)).toEqual([])
})

test('a folder that holds one already is not written over', async () => {
  const out = join(folder, 'twice')
  await writeMiniWorld({ config: { ...config, rows: 1 }, folder: out })
  await expect(writeMiniWorld({ config, folder: out })).rejects.toThrow(
    /is there already; remove it, or choose another --out/,
  )
})
