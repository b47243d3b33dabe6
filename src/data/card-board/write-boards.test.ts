import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import type { Task } from '../../core/task.js'
import { loadSuite } from '../load-suite.js'
import { parseBoardConfig } from './board-config.js'
import { boardGlyphs } from './board-glyphs.js'
import { boardPng, writeBoards } from './write-boards.js'
import { boardTask } from './board-task.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-boards-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

test('rows are read back as tasks, with what evaluation and rewards need', async () => {
  const config = parseBoardConfig({ seed: 'rows' })
  const glyphs = await boardGlyphs(config)
  const path = await writeBoards({ config, folder, rows: 6, first: 10 })
  const tasks: Task[] = []
  for await (const { task } of (await loadSuite({ suite: path })).tasks()) tasks.push(task)
  expect(tasks).toHaveLength(6)
  for (const [at, task] of tasks.entries()) {
    const drawn = boardTask({ config, glyphs, index: 10 + at })
    expect(task).toMatchObject({
      id: `board-${String(10 + at).padStart(6, '0')}`,
      question: drawn.question,
      answers: [drawn.answer],
      box: drawn.box,
      transform: drawn.plan.transform,
      requiredTools: drawn.requiredTools,
      category: `${drawn.plan.family}/look-up`,
    })
    expect(await task.images[0]?.read()).toEqual(await boardPng(await drawn.given()))
  }
  await expect(writeBoards({ config, folder, rows: 1 })).rejects.toThrow(/is there already/)
})

test('drawing that is stopped leaves nothing of its file, and tells how far it is until then', async () => {
  const stop = new AbortController()
  const place = join(folder, 'stopped')
  const drawn: number[] = []
  const drawing = writeBoards({
    config: parseBoardConfig({ seed: 'stopped' }),
    folder: place,
    rows: 120,
    onRow: (count) => {
      drawn.push(count)
      // After a row group was written.
      if (count === 60) stop.abort()
    },
    signal: stop.signal,
  })
  await expect(drawing).rejects.toMatchObject({ name: 'AbortError' })
  expect(drawn).toHaveLength(60)
  expect(await readdir(place)).toEqual([])
})

test('a number of boards that nobody draws is refused, and a folder that cannot be made is told at once', async () => {
  const config = parseBoardConfig({ seed: 'refused' })
  await expect(writeBoards({ config, folder, rows: 1e9 })).rejects.toThrow(
    'expected a whole number from 1 to 1000000, got 1000000000',
  )
  await expect(writeBoards({ config, folder: '/proc/boards', rows: 1, option: '--out' })).rejects.toThrow(
    /could not be made: .*--out/,
  )
})
