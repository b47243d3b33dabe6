import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Task } from '../core/task.js'
import { checkData } from './check/check-data.js'
import { describeFinding } from './check/describe-finding.js'
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

describe('the file of a suite of one’s own', () => {
  const text = LETTERS.replace(/^columns.*\n/m, '')

  test('is opened beside the YAML file, which need not describe its columns', async () => {
    await mkdir(join(folder, 'mine'))
    const suite = await write('mine/letters.yaml', text)
    await jsonl('mine/rows.jsonl', [{ question: 'Q?', answer: 'A' }])
    expect(await tasksOf({ suite })).toMatchObject([{ suite: 'letters', question: 'Q?' }])
    const data = await jsonl('others.jsonl', [{ question: 'Other?', answer: 'A' }])
    expect(await tasksOf({ suite, data })).toMatchObject([{ question: 'Other?' }])
  })

  test('that is not there is told by its path', async () => {
    await mkdir(join(folder, 'empty'))
    const suite = await write('empty/letters.yaml', text)
    await expect(tasksOf({ suite })).rejects.toThrow(
      `${join(folder, 'empty', 'rows.jsonl')}: expected a file or folder`,
    )
  })

  test('of a suite of this package has no fixed place', async () => {
    await expect(tasksOf({ suite: 'real-photos' })).rejects.toThrow(/has no fixed place.*--data FILE/)
  })
})

describe('a column that looks like another one', () => {
  const rows = [1, 2].map((id) => ({
    id,
    question: 'Q?',
    answer: 'A',
    answers: ['a'],
    box: [0, 0, 1, 1],
    catgory: 'count',
    source: 'mine',
    page: 3,
  }))

  async function noticesOf(suite: string): Promise<Set<string>> {
    const told: string[] = []
    for await (const { notices } of (await loadSuite({ suite })).entries()) told.push(...notices)
    return new Set(told)
  }

  test('is told once, with the one that was most likely meant', async () => {
    const path = await jsonl('near.jsonl', rows)
    const line = (column: string, meant: string): string =>
      `${path}: column \`${column}\` is not read and only kept as metadata; did you mean \`${meant}\`?`
    const expected = [line('answers', 'answers_alt'), line('box', 'bbox'), line('catgory', 'category')]
    expect([...(await noticesOf(path))]).toEqual(expected)
  })

  test('is a finding of the check of data, once a file', async () => {
    const path = await jsonl('checked.jsonl', rows)
    const found: string[] = []
    const without = ['duplicate', 'near-duplicate'] as const
    const onFinding = (finding: Parameters<typeof describeFinding>[0]) => found.push(describeFinding(finding))
    await checkData({ paths: [path], without, onFinding })
    const got = 'which is not read and only kept as metadata'
    expect(found).toEqual([
      `${path} line 1: schema: column: expected \`answers_alt\`, got \`answers\`, ${got}`,
      `${path} line 1: schema: column: expected \`bbox\`, got \`box\`, ${got}`,
      `${path} line 1: schema: column: expected \`category\`, got \`catgory\`, ${got}`,
    ])
  })

  test('is named where the one that was meant is missing', async () => {
    const path = await jsonl('missing.jsonl', [{ question: 'Q?', answers: ['a'] }])
    await expect(tasksOf({ suite: path })).rejects.toThrow(
      /column `answer`[^]*column `answers` is not read.*did you mean `answer` or `answers_alt`\?/,
    )
    const other = await write('pictures.jsonl', JSON.stringify({ question: 'Q?', answer: 'a', img: cell }))
    await expect(tasksOf({ suite: other })).rejects.toThrow(
      /missing column `image`[^]*`img`.*did you mean `image`/,
    )
  })

  test('is not told of what is meant as it is', async () => {
    const row = { question: 'Q?', answer: 'A', answers_alt: ['a'], answers: ['x'], image_path: 'x.png' }
    const others = { image_id: 'x', kind: 'k', source: 's', split: 'test', level: 2, dataset_name: 'd' }
    expect((await noticesOf(await jsonl('fine.jsonl', [{ ...row, ...others }]))).size).toBe(0)
  })
})
