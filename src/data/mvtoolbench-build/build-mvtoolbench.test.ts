import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { UsageError } from '../../core/errors.js'
import type { Task } from '../../core/task.js'
import { loadSuite } from '../load-suite.js'
import { buildMvtoolbench } from './build-mvtoolbench.js'
import { parseBuildParameters, type BuildOptions } from './build-parameters.js'
import { QUESTION_KINDS } from './question-kind.js'
import { drawHiertext } from './testing/draw-hiertext.js'

const PAGES = 36
let folder: string
let drawn: Awaited<ReturnType<typeof drawHiertext>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-build-'))
  drawn = await drawHiertext({ folder, images: PAGES })
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function build(changes: Partial<BuildOptions>, more: Parameters<typeof buildMvtoolbench>[1] = {}) {
  const options: BuildOptions = {
    annotations: drawn.file,
    images: drawn.imageFolder,
    output: join(folder, 'out', 'suite.parquet'),
    rows: 12,
    seed: 's',
    kinds: [...QUESTION_KINDS],
    'max-area': 0.0001,
    'min-height': 8,
    'view-pixels': 401_408,
    handwritten: false,
    split: ['test'],
    'per-image': 1,
    'image-form': 'given',
    check: true,
    ...changes,
  }
  return buildMvtoolbench(parseBuildParameters(options), more)
}

async function tasksOf(path: string): Promise<Task[]> {
  const tasks: Task[] = []
  for await (const { task, notices } of (await loadSuite({ suite: path })).tasks()) {
    expect(notices).toEqual([])
    tasks.push(task)
  }
  return tasks
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

async function failure(building: Promise<unknown>): Promise<{ name: string; message: string }> {
  const error: unknown = await building.then(
    () => null,
    (cause: unknown) => cause,
  )
  expect(error).toMatchObject({ name: expect.any(String), message: expect.any(String) })
  return error as Error
}

describe('a suite built of drawn pages', () => {
  test('is balanced, proved, and read by the loader with its tools, boxes, kinds and sources', async () => {
    const output = join(folder, 'balanced.parquet')
    const { report, checked } = await build({ output, rows: 30 })
    expect(checked).toBe(30)
    for (const kind of QUESTION_KINDS) {
      expect(report.splits['test']?.table[kind]).toEqual({
        rotate_90: 1,
        rotate_180: 1,
        rotate_270: 1,
        flip_horizontal: 1,
        flip_vertical: 1,
      })
    }
    const tasks = await tasksOf(output)
    expect(new Set(tasks.map(({ metadata }) => metadata['image_id'])).size).toBe(30)
    for (const task of tasks) {
      expect(task.requiredTools).toHaveLength(2)
      expect(task.requiredTools?.at(-1)).toBe('crop')
      expect(QUESTION_KINDS).toContain(task.category)
      const [left, top, right, bottom] = task.box ?? [0, 0, 0, 0]
      const given = sharp(await task.images[0]?.read())
      const { channels } = await given
        .extract({ left, top, width: right - left, height: bottom - top })
        .greyscale()
        .stats()
      expect(channels[0]?.stdev).toBeGreaterThan(5)
    }
  })

  test('is right by what was drawn: numbers stand behind their names, counts are counts', async () => {
    const output = join(folder, 'right.parquet')
    await build({ output, rows: 10, kinds: ['number-after', 'count-occurrences'] })
    for (const { question, answers, metadata, category } of await tasksOf(output)) {
      const page = drawn.annotations.find(({ image_id }) => image_id === metadata['image_id'])
      const words =
        page?.paragraphs.flatMap(({ lines }) => lines.flatMap(({ text }) => text.split(' '))) ?? []
      const quoted = /"([^"]+)"/.exec(question)?.[1] ?? ''
      const expected =
        category === 'number-after'
          ? words[words.indexOf(quoted) + 1]
          : String(words.filter((word) => word === quoted).length)
      expect(answers[0]).toBe(expected)
    }
  })

  test('is the same, byte by byte, from plain and gzipped annotations, and another with another seed', async () => {
    const [plain, gzipped, other] = ['plain', 'gzipped', 'other'].map((name) =>
      join(folder, `${name}.parquet`),
    )
    if (!plain || !gzipped || !other) throw new Error('expected three names')
    await build({ output: plain, rows: 5, check: false })
    await build({ output: gzipped, rows: 5, check: false, annotations: drawn.gzipped })
    await build({ output: other, rows: 5, check: false, seed: 't' })
    expect(await sha256(gzipped)).toBe(await sha256(plain))
    expect(await sha256(other)).not.toBe(await sha256(plain))
  })

  test('asks the same questions on the same pixels, whether images are given or canonical, in parquet or JSON Lines', async () => {
    const suites: Task[][] = []
    const names = ['a.parquet', 'b.jsonl', 'c.parquet', 'd.jsonl']
    for (const [at, name] of names.entries()) {
      const output = join(folder, 'forms', name)
      await build({ output, rows: 5, 'image-form': at < 2 ? 'given' : 'canonical' })
      suites.push(await tasksOf(output))
    }
    const [first = [], ...others] = suites
    const pixels = async (task: Task): Promise<Buffer> =>
      sharp(await task.images[0]?.read())
        .raw()
        .toBuffer()
    for (const other of others) {
      for (const [at, task] of other.entries()) {
        const { question, answers, box, transform, requiredTools } = task
        expect(first[at]).toMatchObject({ question, answers, box, transform, requiredTools })
        expect(Buffer.compare(await pixels(task), await pixels(first[at] ?? task))).toBe(0)
      }
    }
    // Canonical files are copies.
    const [row = ''] = (await readFile(join(folder, 'forms', 'd.jsonl'), 'utf8')).split('\n')
    const { images, extra_info: extra } = JSON.parse(row) as {
      images: { path: string }[]
      extra_info: { image_id: string; bbox: unknown }
    }
    expect(await sha256(join(folder, 'forms', images[0]?.path ?? ''))).toBe(
      await sha256(join(drawn.imageFolder, `${extra.image_id}.jpg`)),
    )
    expect(extra.bbox).toBeNull()
  })

  test('has no image in two splits', async () => {
    const output = join(folder, 'split.parquet')
    await build({ output, rows: 15, split: ['train=0.6', 'test=0.4'], kinds: ['line-end', 'word-after'] })
    const [train, held] = [
      await tasksOf(join(folder, 'split-train.parquet')),
      await tasksOf(join(folder, 'split-test.parquet')),
    ]
    expect([train.length, held.length]).toEqual([9, 6])
    const sources = (tasks: Task[]): unknown[] => tasks.map(({ metadata }) => metadata['image_id'])
    expect(sources(train).filter((source) => sources(held).includes(source))).toEqual([])
  })
})

describe('what cannot be used', () => {
  test('an image that is missing, of another size, or turned by its EXIF tag is left out and counted', async () => {
    const images = join(folder, 'some-images')
    await mkdir(images)
    const [first, second, third, ...others] = drawn.annotations.map(({ image_id }) => `${image_id}.jpg`)
    for (const name of others) await copyFile(join(drawn.imageFolder, name), join(images, name))
    await sharp(join(drawn.imageFolder, second ?? ''))
      .resize(1000)
      .toFile(join(images, second ?? ''))
    await sharp(join(drawn.imageFolder, third ?? ''))
      .withMetadata({ orientation: 3 })
      .toFile(join(images, third ?? ''))
    expect(first).toBeDefined()
    const { report } = await build({ images, rows: 5, output: join(folder, 'some.parquet') })
    expect(report.tally.imageProblems).toEqual({
      'no image file': 1,
      'size differs from the annotations': 1,
      'turned by an EXIF tag': 1,
    })
  })

  test('an image whose pixels are damaged ends the build, naming it, and leaves nothing', async () => {
    const images = join(folder, 'damaged')
    await mkdir(images)
    const own = join(folder, 'from-damaged')
    await mkdir(own)
    for (const { image_id } of drawn.annotations) {
      const bytes = await readFile(join(drawn.imageFolder, `${image_id}.jpg`))
      await writeFile(join(images, `${image_id}.jpg`), bytes.subarray(0, bytes.length / 2))
    }
    const error = await failure(build({ images, output: join(own, 'x.parquet') }))
    expect(error).toBeInstanceOf(UsageError)
    expect(error.message).toMatch(/damaged\/page.*\.jpg: .*remove it so that it is left out/)
    expect(await readdir(own)).toEqual([])
  })

  test('too many rows are refused, saying for how many there are images', async () => {
    const error = await failure(build({ rows: 500, output: join(folder, 'many.parquet') }))
    expect(error.message).toMatch(
      /^Expected images for 500 balanced rows of the split test, found enough for \d+:\n {2}next-line: \d+ images/,
    )
  })

  test('a wrong option is named with what was expected', async () => {
    const wrong = (changes: Partial<BuildOptions>) => () => build(changes)
    expect(wrong({ rows: 0 })).toThrow(/command line: `rows`: /)
    expect(wrong({ 'max-area': 2 })).toThrow(/`max-area`: /)
    expect((await failure(build({ output: join(folder, 'x.csv') }))).message).toMatch(/\.parquet or \.jsonl/)
    expect((await failure(build({ images: join(folder, 'none') }))).message).toMatch(
      /expected the folder of the images/,
    )
  })
})

describe('a build that stops', () => {
  test.each(['suite.parquet', 'suite.jsonl'])('leaves nothing behind (%s)', async (name) => {
    const own = await mkdtemp(join(folder, 'stopped-'))
    const stop = new AbortController()
    const onStep = ({ step }: { step: string }): void => {
      if (step === 'writing') stop.abort()
    }
    const error = await failure(build({ output: join(own, name) }, { onStep, signal: stop.signal }))
    expect(error.name).toBe('AbortError')
    expect(await readdir(own)).toEqual([])
  })

  test('never writes over what is there', async () => {
    const output = join(folder, 'there.parquet')
    await writeFile(output, 'mine')
    expect((await failure(build({ output, check: false }))).message).toMatch(/is there already/)
    expect(await readFile(output, 'utf8')).toBe('mine')
  })
})

describe('--check of a file that is there', () => {
  test('finds it as it was built, and a box that is one pixel off, an answer, or a missing row', async () => {
    const output = join(folder, 'checked', 'suite.jsonl')
    await build({ output, check: false })
    await expect(build({ output })).resolves.toMatchObject({ isBuilt: false, checked: 12 })
    const lines = (await readFile(output, 'utf8')).trimEnd().split('\n')
    const tampered = async (
      change: (row: { extra_info: { bbox: number[]; answer: string } }) => void,
    ): Promise<string> => {
      const row = JSON.parse(lines[4] ?? '') as { extra_info: { bbox: number[]; answer: string } }
      change(row)
      await writeFile(output, lines.map((line, at) => (at === 4 ? JSON.stringify(row) : line)).join('\n'))
      return (await failure(build({ output }))).message
    }
    const moved = await tampered(({ extra_info: extra }) => (extra.bbox = extra.bbox.map((side) => side + 1)))
    expect(moved).toMatch(/suite\.jsonl row 5: the crop at its box .* differs from the crop of/)
    expect(await tampered(({ extra_info: extra }) => (extra.answer = 'other'))).toMatch(
      /row 5: expected answers/,
    )
    await writeFile(output, lines.slice(1).join('\n'))
    expect((await failure(build({ output }))).message).toMatch(/expected 12 rows, found 11/)
  })
})
