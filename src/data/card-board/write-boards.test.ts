import { mkdtemp, rm } from 'node:fs/promises'
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
