import { afterAll, describe, expect, test } from '@jest/globals'
import { parquetWriteFile } from 'hyparquet-writer'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { UsageError } from '../core/errors.js'
import type { Task } from '../core/task.js'
import { loadSuite, type Suite } from './load-suite.js'
import { writeParquet, type NewRow } from './write-parquet.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-data-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const image = await sharp(Buffer.from([1, 2, 3, 4, 5, 6]), { raw: { width: 2, height: 1, channels: 3 } })
  .png()
  .toBuffer()

function row(index: number, changes: Partial<NewRow> = {}): NewRow {
  return {
    question: `Question ${index}?`,
    answer: `${index}`,
    images: [{ bytes: image, path: `${index}.png` }],
    transform: ['crop', 'rotate_90'],
    box: [0, 0, 1, 1],
    index,
    split: 'test',
    datasetName: 'small',
    dataSource: 'small_suite',
    ...changes,
  }
}

async function parquet(name: string, rows: NewRow[], rowGroupSize = 2): Promise<string> {
  const path = join(folder, name)
  await writeParquet({ path, rows, rowGroupSize })
  return path
}

async function jsonl(name: string, rows: unknown[]): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, rows.map((value) => `${JSON.stringify(value)}\n`).join(''))
  return path
}

async function tasksOf(suite: Suite, isWanted?: (index: number) => boolean): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const { task } of suite.tasks(isWanted ? { isWanted } : {})) tasks.push(task)
  return tasks
}

async function failureOf(path: string): Promise<string> {
  const error: unknown = await loadSuite({ suite: path })
    .then(tasksOf)
    .catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(UsageError)
  return (error as Error).message.replaceAll(path, 'FILE')
}

describe('a parquet file', () => {
  test('gives its rows as tasks, the image bytes as they were', async () => {
    const suite = await loadSuite({ suite: await parquet('rows.parquet', [row(0), row(1), row(2)]) })
    expect(suite).toMatchObject({ name: 'rows', count: 3 })
    const [first, , third] = await tasksOf(suite)
    expect(await first?.images[0]?.read()).toEqual(image)
    expect(third).toMatchObject({
      id: '2',
      suite: 'rows',
      question: 'Question 2?',
      answers: ['2'],
      transform: 'rotate_90',
      requiredTools: ['rotate_270', 'crop'],
      box: [0, 0, 1, 1],
      metadata: { data_source: 'small_suite', dataset_name: 'small', index: 2, split: 'test' },
    })
  })

  test('is read only where rows are wanted', async () => {
    const suite = await loadSuite({
      suite: await parquet(
        'some.parquet',
        [0, 1, 2, 3, 4].map((at) => row(at)),
      ),
    })
    expect((await tasksOf(suite, (index) => index % 3 === 1)).map(({ id }) => id)).toEqual(['1', '4'])
  })

  test('a row without box or transformation needs no tool', async () => {
    const suite = await loadSuite({
      suite: await parquet('plain.parquet', [row(0, { transform: [], box: null })]),
    })
    expect(await tasksOf(suite)).toMatchObject([{ transform: 'none', requiredTools: [], box: null }])
  })

  test('the key of a row does not depend on the file, but on question, answer and image', async () => {
    const keys = async (name: string, rows: NewRow[]): Promise<string[]> =>
      (await tasksOf(await loadSuite({ suite: await parquet(name, rows) }))).map(({ key }) => key)
    const [one] = await keys('a.parquet', [row(1)])
    const [same, question, answer] = await keys('b.parquet', [
      row(1, { index: 9, split: 'other' }),
      row(1, { question: 'Other?' }),
      row(1, { answer: 'other' }),
    ])
    expect(same).toBe(one)
    expect(new Set([one, question, answer]).size).toBe(3)
  })

  test('that lacks columns is refused with the columns it should have and has', async () => {
    const path = join(folder, 'columns.parquet')
    parquetWriteFile({
      filename: path,
      columnData: [
        { name: 'prompt', data: ['x'] },
        { name: 'picture', data: ['y'] },
      ],
    })
    expect(await failureOf(path)).toBe(
      'FILE: missing column `images`, column `reward_model`, column `extra_info`; expected the MVToolBench schema (prompt, images, reward_model, extra_info), got prompt, picture',
    )
  })

  test('with columns of a wrong type is refused naming row, column, expected and got', async () => {
    const path = join(folder, 'types.parquet')
    const columnData = [
      { name: 'prompt', data: ['only text'] },
      { name: 'images', data: [7] },
      { name: 'reward_model', data: ['x'] },
      { name: 'extra_info', data: [true] },
    ]
    parquetWriteFile({ filename: path, columnData })
    expect((await failureOf(path)).split('\n')).toEqual([
      'FILE row 1, column `prompt`: expected array, got "only text"',
      'FILE row 1, column `images`: expected array, got 7',
      'FILE row 1, column `reward_model`: expected object, got "x"',
      'FILE row 1, column `extra_info`: expected object, got true',
    ])
  })

  test('with empty image bytes is refused naming the row', async () => {
    const path = await parquet('empty-image.parquet', [
      row(0),
      row(1, { images: [{ bytes: Buffer.alloc(0), path: 'x' }] }),
    ])
    expect(await failureOf(path)).toMatch(/^FILE row 2, column `images\[0\]`: expected the bytes of an image/)
  })

  test('with an unknown or a double transformation is refused', async () => {
    const unknown = await parquet('unknown.parquet', [row(0, { transform: ['rotate_45'] })])
    expect(await failureOf(unknown)).toMatch(
      /^FILE row 1, column `extra_info.transform\[0\]`: .*got "rotate_45"; did you mean `rotate_\d+`\?$/,
    )
    const twice = await parquet('twice.parquet', [row(0, { transform: ['rotate_90', 'flip_vertical'] })])
    expect(await failureOf(twice)).toMatch(/at most one of .*got rotate_90, flip_vertical/)
  })

  test('a box that encloses nothing is told with row and value and taken as unknown; the question stays', async () => {
    const path = await parquet('box.parquet', [
      row(0),
      row(1, { box: [5, 5, 5, 9] }),
      row(2, { box: [-1, 0, 4, 4] }),
    ])
    const boxes: unknown[] = []
    const told: string[] = []
    for await (const { task, notices } of (await loadSuite({ suite: path })).tasks()) {
      boxes.push(task.box)
      told.push(...notices)
    }
    expect(boxes).toEqual([[0, 0, 1, 1], null, null])
    expect(told).toEqual([
      expect.stringMatching(
        /box\.parquet row 2: the box \[5, 5, 5, 9\] is taken as unknown; expected left < right/,
      ),
      expect.stringMatching(/row 3: the box \[-1, 0, 4, 4\]/),
    ])
  })

  test('with a box of other than four numbers is refused', async () => {
    const path = join(folder, 'box.jsonl')
    await writeFile(
      path,
      JSON.stringify({
        question: 'Q?',
        answer: 'a',
        image: `data:;base64,${image.toString('base64')}`,
        bbox: [1, 2, 3],
      }),
    )
    expect(await failureOf(path)).toMatch(/line 1, column `bbox`: expected 4 numbers/)
  })

  test('that is empty, something else, cut off or damaged is refused, each in its own words', async () => {
    const path = join(folder, 'bad.parquet')
    await writeFile(path, '')
    expect(await failureOf(path)).toMatch(/empty file/)
    await writeFile(path, 'question,answer\n1,2\n')
    expect(await failureOf(path)).toMatch(/first bytes are PAR1/)
    await parquet('bad.parquet', [row(0), row(1)])
    const whole = await readFile(path)
    await truncate(path, whole.length - 100)
    expect(await failureOf(path)).toMatch(/cut off after \d+ bytes/)
    await writeFile(
      path,
      Buffer.concat([whole.subarray(0, 4), Buffer.alloc(whole.length - 8), Buffer.from('PAR1')]),
    )
    expect(await failureOf(path)).toMatch(/footer cannot be read/)
    await writeFile(path, Buffer.from(whole).fill(0xff, 4, 400))
    expect(await failureOf(path)).toMatch(/rows 1 to 2 cannot be read/)
    expect(await failureOf(join(folder, 'missing.parquet'))).toMatch(/ENOENT/)
  })
})

describe('a JSONL file', () => {
  test('takes images as data URI, as base64 and as path beside it, in the MVToolBench layout or plain columns', async () => {
    await writeFile(join(folder, 'beside.png'), image)
    const base64 = image.toString('base64')
    const path = await jsonl('rows.jsonl', [
      {
        id: 'a',
        question: 'Q?',
        answer: 3,
        answers_alt: ['three'],
        image: `data:image/png;base64,${base64}`,
      },
      {
        question: 'Q?',
        answer: '3',
        images: [{ bytes: base64 }],
        transform: 'flip_vertical',
        bbox: [0, 0, 1, 1],
        kind: 'count',
      },
      {
        prompt: [{ role: 'user', content: '<image>\nQ?' }],
        images: ['beside.png'],
        reward_model: { ground_truth: '3' },
        extra_info: { index: 5, answers_alt: ['three'], transform: ['crop'] },
      },
    ])
    const tasks = await tasksOf(await loadSuite({ suite: path }))
    expect(tasks).toMatchObject([
      { id: 'a', answers: ['3', 'three'], transform: 'none', requiredTools: null },
      {
        id: '1',
        answers: ['3'],
        requiredTools: ['flip_vertical'],
        box: [0, 0, 1, 1],
        metadata: { kind: 'count' },
      },
      { id: '5', question: 'Q?', answers: ['3', 'three'], transform: 'none', requiredTools: ['crop'] },
    ])
    for (const task of tasks) expect(await task.images[0]?.read()).toEqual(image)
  })

  test('of a downloaded data set may name its own image files, no others of this machine', async () => {
    const place = join(folder, 'cache', 'datasets', 'somebody', 'set')
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'own.png'), image)
    await writeFile(join(folder, 'private.png'), image)
    const rowsWith = async (path: string): Promise<string> => {
      const rows = join(place, 'rows.jsonl')
      await writeFile(rows, JSON.stringify({ question: 'Q?', answer: 'A', image: path }))
      return rows
    }
    expect(await tasksOf(await loadSuite({ suite: await rowsWith('own.png') }))).toHaveLength(1)
    for (const path of ['../../../../private.png', join(folder, 'private.png')])
      await expect(tasksOf(await loadSuite({ suite: await rowsWith(path) }))).rejects.toThrow(/outside of it/)
    // One's own rows may.
    await writeFile(
      join(folder, 'mine.jsonl'),
      JSON.stringify({ question: 'Q?', answer: 'A', image: 'private.png' }),
    )
    expect(await tasksOf(await loadSuite({ suite: join(folder, 'mine.jsonl') }))).toHaveLength(1)
  })

  test('a row with the canonical image is transformed without loss', async () => {
    const base64 = image.toString('base64')
    const plain = {
      question: 'Q?',
      answer: '3',
      image: { bytes: base64 },
      transform: ['flip_horizontal', 'crop'],
    }
    const path = await jsonl('canonical.jsonl', [{ ...plain, bbox: [0, 0, 1, 1], bbox_input: [1, 0, 2, 1] }])
    const [task] = await tasksOf(await loadSuite({ suite: path }))
    const given = await task?.images[0]?.read()
    expect([...(await sharp(given).raw().toBuffer())]).toEqual([4, 5, 6, 1, 2, 3])
    expect(task?.box).toEqual([1, 0, 2, 1])
  })

  test('with broken lines, rows or images is refused naming the line', async () => {
    const path = join(folder, 'broken.jsonl')
    await writeFile(path, '\n{"question": "Q?",\n')
    expect(await failureOf(path)).toMatch(/^FILE line 2: expected one JSON object, got SyntaxError/)
    expect(await failureOf(join(folder, 'missing.jsonl'))).toMatch(/a JSONL file that can be read; .*ENOENT/)
    await writeFile(path, '[1]\n')
    expect(await failureOf(path)).toBe('FILE line 1: expected a JSON object, got a list')
    await writeFile(path, '\n \n')
    expect(await failureOf(path)).toMatch(/empty file/)
    await jsonl('broken.jsonl', [{ question: 'Q?', image: 'x.png' }])
    expect(await failureOf(path)).toMatch(/^FILE line 1, column `answer`/)
    await jsonl('broken.jsonl', [{ question: 'Q?', answer: 'a', image: 'gone.png' }])
    expect(await failureOf(path)).toMatch(
      /^FILE line 1, column `images\[0\]`: expected an image file at .*gone\.png/,
    )
    await jsonl('broken.jsonl', [{ question: 'Q?', answer: 'a', image: 'data:image/png;base64,%%%' }])
    expect(await failureOf(path)).toMatch(/^FILE line 1, column `image`: expected an image as base64/)
    await jsonl('broken.jsonl', [{ question: 'Q?', answer: 'a' }])
    expect(await failureOf(path)).toMatch(/missing column `image`/)
  })

  test('a row with an id keeps its number as metadata, which its key does not depend on', async () => {
    const row = { id: 'a', question: 'Q?', answer: '3', image: { bytes: image.toString('base64') } }
    const tasks = await tasksOf(
      await loadSuite({ suite: await jsonl('numbered.jsonl', [{ ...row, index: 12 }]) }),
    )
    expect(tasks).toMatchObject([{ id: 'a', metadata: { index: 12 } }])
    const [plain] = await tasksOf(await loadSuite({ suite: await jsonl('unnumbered.jsonl', [row]) }))
    expect(plain).toMatchObject({ key: tasks[0]?.key, metadata: {} })
  })

  test('takes numbers as their digits, and refuses those that reading has rounded', async () => {
    const row = { question: 'Q?', image: { bytes: image.toString('base64') } }
    const whole = { ...row, id: 7, answer: 2 ** 53 - 1 }
    const path = await jsonl('digits.jsonl', [whole, { ...row, answer: -0.25 }])
    expect(await tasksOf(await loadSuite({ suite: path }))).toMatchObject([
      { id: '7', answers: ['9007199254740991'] },
      { id: '1', answers: ['-0.25'] },
    ])
    for (const column of ['answer', 'id']) {
      await jsonl('digits.jsonl', [{ ...whole, [column]: 12345678901234567 }])
      expect(await failureOf(path)).toBe(
        `FILE line 1, column \`${column}\`: expected a whole number below 2^53, or a text (in quotes), which keeps its digits, got 12345678901234568`,
      )
    }
  })
})

describe('a suite by name', () => {
  test('an unknown name is answered with the known ones', async () => {
    await expect(loadSuite({ suite: 'mvtoolbnch' })).rejects.toThrow(
      /got "mvtoolbnch"; did you mean mvtoolbench\?/,
    )
  })

  test('whose file is on this machine nowhere and at a hub that cannot be reached says how to name one', async () => {
    process.env['HF_ENDPOINT'] = 'http://127.0.0.1:9'
    try {
      await expect(loadSuite({ suite: 'mvtoolbench' })).rejects.toThrow(
        /kkwok\/MVToolBench: .* cannot be reached .*--data FILE.*\/datasets\/kkwok\/MVToolBench\/tree\/main/,
      )
    } finally {
      delete process.env['HF_ENDPOINT']
    }
  })

  test('takes its rows from the file that is named', async () => {
    const suite = await loadSuite({ suite: 'mvtoolbench', data: await parquet('mv.parquet', [row(0)]) })
    expect(suite.name).toBe('mvtoolbench')
    expect(suite.definition?.figures).toContainEqual({
      model: 'GPT-4o',
      tools: false,
      accuracy: { overall: 8.5 },
    })
    expect(await tasksOf(suite)).toMatchObject([{ suite: 'mvtoolbench' }])
  })
})

const photos = fileURLToPath(new URL('../../../shared/suites/real-photos/', import.meta.url))
const withPhotos = existsSync(photos) ? test : test.skip

describe('the real photographs', () => {
  withPhotos('are read alike from parquet and from JSONL', async () => {
    const given = await tasksOf(await loadSuite({ suite: join(photos, 'public.parquet') }))
    const canonical = await tasksOf(
      await loadSuite({ suite: 'real-photos', data: join(photos, 'public.jsonl') }),
    )
    expect(given).toHaveLength(36)
    expect(
      canonical.map(({ question, transform, box, requiredTools }) => [
        question,
        transform,
        box,
        requiredTools,
      ]),
    ).toEqual(
      given.map(({ question, transform, box, requiredTools }) => [question, transform, box, requiredTools]),
    )
    for (const [at, task] of given.entries()) {
      const [a, b] = await Promise.all(
        [task, canonical[at]].map(async (one) => sharp(await one?.images[0]?.read()).metadata()),
      )
      expect([a?.width, a?.height]).toEqual([b?.width, b?.height])
    }
  })
})
