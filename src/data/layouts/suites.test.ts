import { afterAll, describe, expect, test } from '@jest/globals'
import { parquetWriteRows, fileWriter, type SchemaElement } from 'hyparquet-writer'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { ImageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import { TRANSFORMS } from '../../core/transform.js'
import { loadSuite, type Suite } from '../load-suite.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-suites-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

/** Two pixels beside each other, another picture for each shade. */
async function picture(shade: number): Promise<Buffer> {
  return sharp(Buffer.from([shade, 2, 3, 4, 5, 6]), { raw: { width: 2, height: 1, channels: 3 } })
    .png()
    .toBuffer()
}
const image = await picture(1)

const leaf = (name: string, kind: 'text' | 'bytes' | 'long' = 'text'): SchemaElement => ({
  name,
  type: kind === 'long' ? 'INT64' : 'BYTE_ARRAY',
  ...(kind === 'text' && { converted_type: 'UTF8' as const }),
  repetition_type: 'OPTIONAL',
})
const texts = (name: string): SchemaElement[] => [
  { name, repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
  { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
  leaf('element'),
]

async function parquet(
  name: string,
  columns: Record<string, SchemaElement[]>,
  rows: Record<string, unknown>[],
): Promise<string> {
  const path = join(folder, name)
  await parquetWriteRows({
    writer: fileWriter(path),
    rows,
    columns: Object.keys(columns).map((column) => ({ name: column })),
    schema: [{ name: 'schema', num_children: Object.keys(columns).length }, ...Object.values(columns).flat()],
  })
  return path
}

async function tsv(name: string, rows: Record<string, unknown>[]): Promise<string> {
  const path = join(folder, name)
  const cells = (values: unknown[]): string =>
    values
      .map((value) =>
        /["\t\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value),
      )
      .join('\t')
  await writeFile(
    path,
    [cells(Object.keys(rows[0] ?? {})), ...rows.map((row) => cells(Object.values(row)))].join('\n'),
  )
  return path
}

async function tasksOf(suite: Suite): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const { task } of suite.tasks()) tasks.push(task)
  return tasks
}

const fails = (suite: string, data: string): Promise<Task[]> => loadSuite({ suite, data }).then(tasksOf)

describe('ocrbench', () => {
  const COLUMNS = {
    dataset: [leaf('dataset')],
    question: [leaf('question')],
    question_type: [leaf('question_type')],
    answer: texts('answer'),
    image: [
      { name: 'image', repetition_type: 'OPTIONAL' as const, num_children: 2 },
      leaf('bytes', 'bytes'),
      leaf('path'),
    ],
  }
  const row = {
    dataset: 'IIIT5K',
    question: 'what is written in the image?',
    question_type: 'Regular Text Recognition',
    answer: ['CENTRE', 'Centre'],
    image: { bytes: image, path: null },
  }

  test('asks each row in six orientations, with exactly the pixels of the source in other places', async () => {
    const suite = await loadSuite({
      suite: 'ocrbench',
      data: await parquet('ocr.parquet', COLUMNS, [row, row]),
    })
    expect(suite.count).toBe(12)
    const tasks = await tasksOf(suite)
    expect(
      tasks.slice(0, 6).map(({ id, transform, requiredTools }) => [id, transform, requiredTools]),
    ).toEqual([
      ['0', 'none', null],
      ['0:rotate_90', 'rotate_90', ['rotate_270']],
      ['0:rotate_180', 'rotate_180', ['rotate_180']],
      ['0:rotate_270', 'rotate_270', ['rotate_90']],
      ['0:flip_horizontal', 'flip_horizontal', ['flip_horizontal']],
      ['0:flip_vertical', 'flip_vertical', ['flip_vertical']],
    ])
    expect(await tasks[0]?.images[0]?.read()).toEqual(image)
    const turned = await sharp(await tasks[1]?.images[0]?.read())
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([turned.info.width, turned.info.height, [...turned.data]]).toEqual([1, 2, [4, 5, 6, 1, 2, 3]])
    expect(new Set(tasks.map(({ key }) => key)).size).toBe(12)
    expect(tasks[0]).toMatchObject({
      question: 'what is written in the image?',
      answers: ['CENTRE', 'Centre'],
      category: 'Regular Text Recognition',
      metadata: { dataset_name: 'IIIT5K', question_type: 'Regular Text Recognition' },
    })
  })

  test('is asked in some orientations only, where some are named', async () => {
    const data = await parquet('some.parquet', COLUMNS, [row])
    const suite = await loadSuite({ suite: 'ocrbench', data, transforms: ['none', 'flip_vertical'] })
    expect((await tasksOf(suite)).map(({ transform }) => transform)).toEqual(['none', 'flip_vertical'])
  })

  test('takes the orientations of a row for one cluster', async () => {
    const other = { ...row, question: 'what else?' }
    const suite = await loadSuite({
      suite: 'ocrbench',
      data: await parquet('two.parquet', COLUMNS, [row, other]),
    })
    const clusters = (await tasksOf(suite)).map(({ cluster }) => cluster)
    expect(clusters).toEqual([...Array<unknown>(6).fill(clusters[0]), ...Array<unknown>(6).fill(clusters[6])])
    expect(new Set(clusters).size).toBe(2)
  })

  test('reads the TSV form: answers as a Python list, the image as base64', async () => {
    const data = await tsv('ocr.tsv', [
      {
        index: 7,
        image: image.toString('base64'),
        question: 'What?',
        answer: `['it\\'s', "a \\"b\\""]`,
        category: 'Handwritten Mathematical Expression Recognition',
      },
    ])
    const [task] = await tasksOf(await loadSuite({ suite: 'ocrbench', data }))
    expect(task).toMatchObject({
      id: '7',
      answers: ["it's", 'a "b"'],
      metadata: { dataset_name: 'HME100k', question_type: 'Handwritten Mathematical Expression Recognition' },
    })
    expect(await task?.images[0]?.read()).toEqual(image)
  })

  test('names file, row, column, expected and got', async () => {
    const wrong = { index: 0, image: 'QUJ*RA', question: 'Q', answer: 'plain', category: 'c' }
    await expect(fails('ocrbench', await tsv('a.tsv', [wrong]))).rejects.toThrow(
      /a\.tsv line 2, column `answer`: expected a Python list of texts, .*got "plain"/,
    )
    await expect(
      fails('ocrbench', await tsv('b.tsv', [{ ...wrong, answer: "['a']", image: '****' }])),
    ).rejects.toThrow(/b\.tsv line 2, column `image`: expected an image as base64, got 4 characters/)
    // As much of it decodes as of base64 with a few characters too many.
    await expect(
      fails('ocrbench', await tsv('c.tsv', [{ ...wrong, answer: "['a']", image: 'photos/cat.jpg' }])),
    ).rejects.toThrow(
      /c\.tsv line 2, column `image`: expected an image as base64, got 14 characters with "\." among them, beginning "photos\/cat\.jpg"; .* JSON Lines/,
    )
    const columns = { dataset: COLUMNS.dataset, question: COLUMNS.question }
    await expect(
      fails('ocrbench', await parquet('d.parquet', columns, [{ dataset: 'd', question: 'q' }])),
    ).rejects.toThrow(
      /d\.parquet: missing column `question_type`, column `answer`, column `image`; expected the OCRBench schema/,
    )
  })
})

test('a row whose image cannot be decoded refuses no other: it is told, and fails alone when it is asked', async () => {
  const row = { index: 0, image: 'QUJD', question: 'Q', answer: "['a']", category: 'c' }
  const good = { ...row, index: 1, image: image.toString('base64') }
  const suite = await loadSuite({ suite: 'ocrbench', data: await tsv('damaged.tsv', [row, good]) })
  const notices: string[] = []
  for await (const entry of suite.entries()) notices.push(...entry.notices)
  expect(new Set(notices).size).toBe(1)
  expect(notices[0]).toMatch(/damaged\.tsv line 2, column `images\[0\]`: expected an image file, got 3 bytes/)
  const tasks = await tasksOf(suite)
  expect(tasks).toHaveLength(12)
  await expect(tasks[1]?.images[0]?.read()).rejects.toThrow(ImageError)
  expect((await tasks[7]?.images[0]?.read())?.length).toBeGreaterThan(0)
})

describe('chartqapro', () => {
  const COLUMNS = {
    Question: texts('Question'),
    Answer: texts('Answer'),
    'Question Type': [leaf('Question Type')],
    image: [leaf('image', 'bytes')],
    Year: texts('Year'),
    Paragraph: [leaf('Paragraph')],
  }

  test('tells the turns before the last question with their answers, and keeps what the scorer needs', async () => {
    const data = await parquet('chart.parquet', COLUMNS, [
      {
        Question: ['Which year?', 'And before {it}?'],
        Answer: ['2016', '2012'],
        'Question Type': 'Conversational',
        image,
        Year: ['YES', 'YES'],
        Paragraph: 'About years.',
      },
      {
        Question: ['Which? A) x B) y'],
        Answer: ['B'],
        'Question Type': 'Multi Choice',
        image,
        Year: ['NO'],
        Paragraph: null,
      },
    ])
    const suite = await loadSuite({ suite: 'chartqapro', data, transforms: ['none'] })
    const [first, second] = await tasksOf(suite)
    expect(first?.question.split('\n').slice(0, 4)).toEqual([
      'About years.',
      'Question: Which year?',
      'Answer: 2016',
      'And before {it}?',
    ])
    expect(first).toMatchObject({
      answers: ['2012'],
      category: 'Conversational',
      metadata: { answer: ['2016', '2012'], question_type: 'Conversational', year: ['YES', 'YES'] },
    })
    expect(second?.question).toMatch(/^Which\? A\) x B\) y\nAnswer with the letter/)
    expect(await second?.images[0]?.read()).toEqual(image)
  })

  test('refuses a conversation that lacks an answer', async () => {
    const data = await parquet('lacks.parquet', COLUMNS, [
      {
        Question: ['a', 'b'],
        Answer: ['1'],
        'Question Type': 'Conversational',
        image,
        Year: ['NO'],
        Paragraph: null,
      },
    ])
    await expect(fails('chartqapro', data)).rejects.toThrow(
      /row 1, column `Answer`: expected as many answers as questions \(2\), got 1/,
    )
  })
})

describe('vstar', () => {
  const text =
    'What is the colour of the bag?\n(A) red\n(B) navy blue\n(C) green\n(D) white\nAnswer with the letter, please.'
  let folders = 0
  async function vstar(rows: Record<string, unknown>[]): Promise<string> {
    const data = join(folder, `vstar-${folders++}`)
    await mkdir(join(data, 'direct_attributes'), { recursive: true })
    await writeFile(join(data, 'direct_attributes/sa_1.jpg'), image)
    await writeFile(join(data, 'test_questions.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'))
    return data
  }
  const row = {
    image: 'direct_attributes/sa_1.jpg',
    text,
    category: 'direct_attributes',
    label: 'A',
    question_id: '4',
  }

  test('shuffles the options by the seed, and the letter follows', async () => {
    const data = await vstar(Array.from({ length: 24 }, (_, id) => ({ ...row, question_id: String(id) })))
    const tasks = await tasksOf(await loadSuite({ suite: 'vstar', data }))
    for (const { options = [], answers } of tasks) {
      expect([...options].sort()).toEqual(['green', 'navy blue', 'red', 'white'])
      expect(options['ABCD'.indexOf(answers[0] ?? '')]).toBe('red')
    }
    expect(new Set(tasks.map(({ answers }) => answers[0])).size).toBe(4)
    const other = await tasksOf(await loadSuite({ suite: 'vstar', data, seed: 1 }))
    expect(other.map(({ answers }) => answers)).not.toEqual(tasks.map(({ answers }) => answers))
    const again = await tasksOf(await loadSuite({ suite: 'vstar', data }))
    expect(again.map(({ key }) => key)).toEqual(tasks.map(({ key }) => key))
  })

  test('shows options as they were shuffled, without the published instruction', async () => {
    const [task] = await tasksOf(await loadSuite({ suite: 'vstar', data: await vstar([row]) }))
    const lines = task?.question.split('\n') ?? []
    expect(lines[0]).toBe('What is the colour of the bag?')
    expect(lines.slice(1, 5)).toEqual(task?.options?.map((option, at) => `${'ABCD'[at] ?? ''}. ${option}`))
    expect(lines).toHaveLength(6)
    expect(task).toMatchObject({ id: 'direct_attributes/4', category: 'direct_attributes' })
    expect(task?.question).not.toMatch(/please/)
  })

  test('refuses a text without options, a label that is none of them, and an image that is not there', async () => {
    await expect(fails('vstar', await vstar([{ ...row, text: 'What?\nAnswer.' }]))).rejects.toThrow(
      /line 1, column `text`: expected a question and below it at least two options/,
    )
    await expect(fails('vstar', await vstar([{ ...row, label: 'E' }]))).rejects.toThrow(
      /line 1, column `label`: expected one of A, B, C, D, got "E"/,
    )
    await expect(fails('vstar', await vstar([{ ...row, image: 'gone.jpg' }]))).rejects.toThrow(
      /line 1, column `images\[0\]`: expected an image file at .*gone\.jpg/,
    )
  })
})

describe('hrbench', () => {
  const options = ['red', 'blue', 'green', 'white']
  /** Two questions over two pictures, each four times with rotated options. */
  async function rotations(): Promise<Record<string, unknown>[]> {
    const pictures = [image, await picture(9)]
    return [0, 1, 2, 3].flatMap((cycle) =>
      pictures.map((bytes, question) => ({
        index: cycle * 2 + question,
        question: 'What colour?',
        answer: 'ABCD'[(4 - cycle) % 4],
        category: question === 0 ? 'single' : 'cross',
        ...Object.fromEntries([0, 1, 2, 3].map((at) => ['ABCD'[at], options[(at + cycle) % 4]])),
        cycle_category: String(cycle),
        image: bytes.toString('base64'),
      })),
    )
  }

  test('keeps the rotations, and knows which rows are one question', async () => {
    const rows = await rotations()
    const columns = Object.fromEntries(
      Object.keys(rows[0] ?? {}).map((name) => [name, [leaf(name, name === 'index' ? 'long' : 'text')]]),
    )
    const asParquet = rows.map((row) => ({ ...row, index: BigInt(row.index as number) }))
    const fromParquet = await tasksOf(
      await loadSuite({ suite: 'hrbench4k', data: await parquet('hr.parquet', columns, asParquet) }),
    )
    const fromTsv = await tasksOf(await loadSuite({ suite: 'hrbench4k', data: await tsv('hr.tsv', rows) }))
    expect(
      fromTsv.map(({ key, cluster, options: shown, answers }) => [key, cluster, shown, answers]),
    ).toEqual(fromParquet.map(({ key, cluster, options: shown, answers }) => [key, cluster, shown, answers]))
    const clusters = fromTsv.map(({ cluster }) => cluster)
    expect(new Set(clusters).size).toBe(2)
    expect(clusters.filter((cluster) => cluster === clusters[0])).toHaveLength(4)
    for (const { options: shown = [], answers } of fromTsv)
      expect(shown['ABCD'.indexOf(answers[0] ?? '')]).toBe('red')
    expect(fromTsv[3]).toMatchObject({ id: '3', category: 'cross', metadata: { cycle_category: '1' } })
    expect(await fromTsv[0]?.images[0]?.read()).toEqual(image)
  })

  test('refuses a letter without an option', async () => {
    const [row] = await rotations()
    await expect(fails('hrbench8k', await tsv('letter.tsv', [{ ...row, answer: 'E' }]))).rejects.toThrow(
      /line 2, column `answer`: expected a letter from A to D, got "E"/,
    )
  })
})

describe('orientation-id', () => {
  async function pictures(count: number): Promise<string> {
    const data = join(folder, `pictures-${count}`)
    await mkdir(join(data, 'deeper'), { recursive: true })
    for (let at = 0; at < count; at++)
      await writeFile(join(data, at % 2 === 0 ? `${at}.png` : `deeper/${at}.png`), await picture(at))
    await writeFile(join(data, 'notes.txt'), 'no picture')
    return data
  }

  test('draws 200 questions, each transformation equally often, no picture twice under one, the options shuffled', async () => {
    const data = await pictures(45)
    const tasks = await tasksOf(await loadSuite({ suite: 'orientation-id', data }))
    expect(tasks).toHaveLength(200)
    for (const transform of TRANSFORMS)
      expect(tasks.filter((task) => task.transform === transform)).toHaveLength(transform === 'none' ? 0 : 40)
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(200)
    expect(new Set(tasks.map(({ answers }) => answers[0]))).toEqual(new Set(['A', 'B', 'C', 'D', 'E']))
    const wanted = tasks.find(({ transform }) => transform === 'flip_horizontal')
    expect(wanted?.options?.['ABCDE'.indexOf(wanted.answers[0] ?? '')]).toMatch(/left and right/)
    const shown = await sharp(await wanted?.images[0]?.read())
      .raw()
      .toBuffer()
    expect([...shown.subarray(0, 3)]).toEqual([4, 5, 6])
  })

  test('of the first few questions, too, each transformation and each picture is asked equally often', async () => {
    const suite = await loadSuite({ suite: 'orientation-id', data: await pictures(45) })
    const tasks = (await tasksOf(suite)).slice(0, 45)
    for (let from = 0; from < tasks.length; from += 5)
      expect(new Set(tasks.slice(from, from + 5).map(({ transform }) => transform)).size).toBe(5)
    expect(new Set(tasks.map(({ id }) => id.split(':')[0])).size).toBe(45)
    expect(tasks.slice(0, 5).map(({ transform }) => transform)).not.toEqual(TRANSFORMS.slice(1))
  })

  test('says how many pictures it needs, and how many questions those that are there give', async () => {
    await expect(fails('orientation-id', await pictures(39))).rejects.toThrow(
      /expected at least 40 pictures .* for 200 questions, .* got 39; ask fewer: --limit 195$/,
    )
  })

  test('a small folder gives as many questions as its pictures allow, to whoever asks for no more', async () => {
    const suite = await loadSuite({ suite: 'orientation-id', data: await pictures(2) })
    const firstTen: Task[] = []
    for await (const { task } of suite.tasks({ isWanted: (index) => index < 10 })) firstTen.push(task)
    expect(new Set(firstTen.map(({ id }) => id)).size).toBe(10)
    const eleventh = suite.tasks({ isWanted: (index) => index === 10 })[Symbol.asyncIterator]()
    await expect(eleventh.next()).rejects.toThrow(
      /at least 3 pictures .* for 11 questions, .* got 2; ask fewer/,
    )
  })

  test('follows links to pictures, and says what it leaves out', async () => {
    const [data, elsewhere] = [join(folder, 'linked'), join(folder, 'elsewhere')]
    for (const made of [data, elsewhere]) await mkdir(made)
    await writeFile(join(elsewhere, 'photo'), await picture(7))
    await symlink('../elsewhere/photo', join(data, 'one.png'))
    await symlink('../elsewhere', join(data, 'album'))
    await symlink('../elsewhere/gone.png', join(data, 'gone.png'))
    await writeFile(join(data, 'photo.heic'), 'another format')
    const suite = await loadSuite({ suite: 'orientation-id', data })
    const asked: Task[] = []
    for await (const { task } of suite.tasks({ isWanted: (index) => index < 5 })) asked.push(task)
    expect(asked.map(({ id }) => id.split(':')[0])).toEqual(Array.from({ length: 5 }, () => 'one.png'))
    expect(suite.notices).toEqual([
      `${data}: left out are links to folders: album`,
      `${data}: left out are links that lead nowhere: gone.png`,
      `${data}: left out are files that are no pictures by their names: photo.heic`,
    ])
  })
})

test('an orientation that a suite does not have is refused with those that it has', async () => {
  const definition = join(folder, 'flips.yaml')
  await writeFile(
    definition,
    'name: flips\ntitle: Flips\nsource: { kind: local, file: x.tsv }\nrows: ocrbench\ncolumns: {}\ntransforms: [none, flip_vertical]\nscoring: strict\n',
  )
  await expect(
    loadSuite({ suite: definition, data: 'x.tsv', transforms: ['none', 'rotate_90'] }),
  ).rejects.toThrow('transforms: flips has none, flip_vertical, got rotate_90')
})
