import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Task } from '../core/task.js'
import { loadSuite } from './load-suite.js'
import { writeParquet } from './write-parquet.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-own-suite-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const image = await sharp({ create: { width: 2, height: 1, channels: 3, background: 'red' } })
  .png()
  .toBuffer()
const cell = `data:image/png;base64,${image.toString('base64')}`

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const jsonl = (name: string, rows: object[]): Promise<string> =>
  write(name, rows.map((row) => `${JSON.stringify({ image: cell, ...row })}\n`).join(''))

async function tasksOf(parameters: Parameters<typeof loadSuite>[0]): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const { task } of (await loadSuite(parameters)).tasks()) tasks.push(task)
  return tasks
}

const LETTERS = `
name: letters
title: Letters
source: { kind: local, file: rows.jsonl }
rows: mvtoolbench
columns: { question: question }
scorer: multiple-choice
scoring: codevision
`

describe('the prompt of a suite of one’s own', () => {
  const row = { question: 'Which way is up?', answer: 'B', options: ['left', 'right'] }

  test('is filled in for plain rows', async () => {
    const suite = await write(
      'letters.yaml',
      `${LETTERS}prompt: "{question}\\n{options}\\nAnswer with the letter."\n`,
    )
    const data = await jsonl('letters.jsonl', [row, { question: 'And now?', answer: 'left' }])
    const tasks = await tasksOf({ suite, data })
    expect(tasks.map(({ question }) => question)).toEqual([
      'Which way is up?\nA. left\nB. right\nAnswer with the letter.',
      'And now?\nAnswer with the letter.',
    ])
    expect(tasks[0]?.options).toEqual(['left', 'right'])
  })

  test('may be one by category, and is filled in for the MVToolBench schema', async () => {
    const prompt = 'prompt: { default: "{question}", count: "Count. {question}" }\n'
    const suite = await write('counted.yaml', LETTERS + prompt)
    const data = await jsonl('counted.jsonl', [
      { ...row, category: 'count' },
      { ...row, id: 'other' },
    ])
    expect((await tasksOf({ suite, data })).map(({ question }) => question)).toEqual([
      'Count. Which way is up?',
      'Which way is up?',
    ])
    const nested = await write(
      'nested.jsonl',
      JSON.stringify({
        prompt: [{ role: 'user', content: '<image>\nHow many?' }],
        images: [cell],
        reward_model: { ground_truth: '3' },
        extra_info: { kind: 'count' },
      }),
    )
    expect((await tasksOf({ suite, data: nested }))[0]?.question).toBe('Count. How many?')
  })

  test.each(['mvtoolbench', 'mini', 'real-photos'])(
    'changes nothing in %s, which has none: question and key are those of the file alone',
    async (suite) => {
      const question = '  {question} and\n\n{options}, as they stand? \n'
      const plain = await jsonl('plain.jsonl', [{ ...row, question }])
      const parquet = join(folder, 'rows.parquet')
      const rows = [{ question, answer: 'x', images: [{ bytes: image, path: 'a.png' }] }]
      await writeParquet({
        path: parquet,
        rows: rows.map((one) => ({
          ...one,
          transform: [],
          box: null,
          index: 0,
          split: 'test',
          datasetName: 'd',
          dataSource: 's',
        })),
        rowGroupSize: 1,
      })
      for (const data of [plain, parquet]) {
        const [asked, alone] = [await tasksOf({ suite, data }), await tasksOf({ suite: data })]
        expect(asked.map((task) => task.question)).toEqual([question])
        expect(asked.map(({ key }) => key)).toEqual(alone.map(({ key }) => key))
      }
    },
  )
})
