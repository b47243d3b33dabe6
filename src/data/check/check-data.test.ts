import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { generateDemoSuite } from '../demo/generate-demo-suite.js'
import { loadSuite } from '../load-suite.js'
import { transformImage } from '../transforms/transform-image.js'
import { writeParquet } from '../write-parquet.js'
import { writeTasks } from '../write-tasks.js'
import { checkData } from './check-data.js'
import { describeReport } from './describe-report.js'
import { picture } from './testing/picture.js'
import { cell, createWorkbench } from './testing/workbench.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-check-'))
process.env['CODEVISION_CACHE'] = join(folder, 'cache')
afterAll(() => rm(folder, { recursive: true }))

const { row, jsonl, check, linesOf, base } = await createWorkbench({ folder })

describe('data without fault', () => {
  test('has no finding: the demo suite, as parquet', async () => {
    const path = join(folder, 'demo.parquet')
    await writeParquet({ path, rows: generateDemoSuite({ rows: 12 }) })
    const { lines, report } = await check([path])
    expect(lines).toEqual([])
    expect(report).toMatchObject({ rows: 12, images: 12 })
    expect(describeReport(report).at(-1)).toBe('12 rows, 12 images: nothing found')
  })

  test('has no finding: rows in six orientations as written here, as parquet and as JSONL', async () => {
    const source = await jsonl('upright.jsonl', [
      row({ bbox: [10, 20, 30, 50] }),
      row({ image: cell(await picture({ seed: 'second' })) }),
    ])
    const suite = await loadSuite({ suite: source, transforms: TRANSFORMS })
    for (const name of ['six.parquet', 'six.jsonl']) {
      const path = join(folder, name)
      await writeTasks({ path, suite })
      expect(await check([path])).toMatchObject({ lines: [], report: { rows: 12 } })
    }
  })
})

test('a row that is none is told and stops nothing, whatever is wrong with it', async () => {
  const path = join(folder, 'broken.jsonl')
  const lines = [
    JSON.stringify(row({ answer: undefined })),
    '{"question": ',
    JSON.stringify(row({ image: { bytes: '!!' } })),
    JSON.stringify(row({ image: 'not-there.png' })),
    JSON.stringify(row({ answer: ' ' })),
  ]
  await writeFile(path, lines.join('\n'))
  const { lines: found, report } = await check([path])
  expect(found).toHaveLength(5)
  expect(found[0]).toMatch(
    /^broken\.jsonl line 1: schema: row: expected a row of MVToolBench, got column `answer`/,
  )
  expect(found[1]).toMatch(/^broken\.jsonl line 2: schema: .* got expected one JSON object/)
  expect(found[2]).toMatch(/^broken\.jsonl line 3: schema: .*base64/)
  expect(found[3]).toMatch(/^broken\.jsonl line 4: schema: .*not-there\.png/)
  expect(found[4]).toMatch(/^broken\.jsonl line 5: answer: .* got \[" "\]$/)
  expect(report).toMatchObject({ rows: 5, findings: { schema: 4, answer: 1 } })
})

test('a TSV row with a cell too few is told, and the rows behind it are checked', async () => {
  const path = join(folder, 'rows.tsv')
  const image = base.toString('base64')
  await writeFile(path, `question\tanswer\timage\nWho?\tAnn\t${image}\nWho\tAnn\nWhere?\there\tAAAA\n`)
  const { lines } = await check([path])
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^rows\.tsv line 3: schema: .*expected 3 cells/)
  expect(lines[1]).toMatch(/^rows\.tsv line 4: image: images\[0\]: expected an image that can be decoded/)
})

test('a damaged row group is one finding for all of its rows, and the other groups are checked', async () => {
  const path = join(folder, 'damaged.parquet')
  const rows = [0, 1, 2, 3, 4].map((index) => ({
    question: `Question ${index}?`,
    answer: 'Tulip',
    images: [{ bytes: base, path: `${index}.png` }],
    transform: [],
    box: index === 4 ? ([0, 0, 500, 500] as const) : null,
    index,
    split: 'test',
    datasetName: 'small',
    dataSource: 'small_suite',
  }))
  await writeParquet({ path, rows, rowGroupSize: 2 })
  const bytes = await readFile(path)
  // Behind the magic bytes stands the first page of the first group.
  bytes.fill(0xff, 4, 40)
  await writeFile(path, bytes)
  const { lines, report } = await check([path], ['duplicate'])
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/^damaged\.parquet rows 1 to 2: schema: .*rows 1 to 2 cannot be read/)
  expect(lines[1]).toMatch(/^damaged\.parquet row 5: box: /)
  expect(report.rows).toBe(5)
})

test('an image that is cut off is told', async () => {
  const lines = await linesOf('cut.jsonl', [row({ image: cell(base.subarray(0, base.length - 400)) })])
  expect(lines).toEqual([
    expect.stringMatching(/^cut\.jsonl line 1: image: images\[0\]: expected an image that can be decoded/),
  ])
})

test('a box that leaves its image, or encloses nothing, is told', async () => {
  const lines = await linesOf('boxes.jsonl', [
    row({ bbox: [0, 0, 120, 90] }),
    row({ bbox: [0, 0, 121, 90] }),
    row({ bbox: [5, 5, 5, 9] }),
  ])
  expect(lines).toHaveLength(2)
  expect(lines[0]).toBe(
    'boxes.jsonl line 2: box: box: expected a box inside of 120 × 90, got [0, 0, 121, 90]',
  )
  expect(lines[1]).toMatch(/^boxes\.jsonl line 3: box: box: .*\[5, 5, 5, 9\]/)
})

test('the answer of a question with options must be one of them', async () => {
  const lines = await linesOf('options.jsonl', [
    row({ options: ['red', 'blue'], answer: 'B' }),
    row({ options: ['red', 'blue'], answer: 'red' }),
    row({ options: ['red', 'blue'], answer: 'C' }),
  ])
  expect(lines).toEqual([
    'options.jsonl line 3: answer: answer: expected the letter or the text of one of 2 options, got ["C"]',
  ])
})

describe('must-use tools', () => {
  test('that a row lists must undo its transformation, in whatever way, and crop last', async () => {
    const given = { transform: ['rotate_90', 'crop'], bbox: [0, 0, 9, 9] }
    const lines = await linesOf('tools.jsonl', [
      row({ ...given, required_tools: ['rotate_270', 'crop'] }),
      row({ ...given, required_tools: ['rotate_180', 'rotate_90', 'crop'] }),
      row({ ...given, required_tools: ['rotate_90', 'crop'] }),
      row({ ...given, required_tools: ['crop', 'rotate_270'] }),
      row({ ...given, required_tools: ['rotate_270'] }),
      row({ ...given, required_tools: 'rotate_270' }),
    ])
    expect(lines).toHaveLength(4)
    expect(lines[0]).toBe(
      'tools.jsonl line 3: tools: required_tools: expected what undoes rotate_90: ["rotate_270","crop"], got ["rotate_90","crop"]',
    )
    expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual([
      'tools.jsonl line 4',
      'tools.jsonl line 5',
      'tools.jsonl line 6',
    ])
  })

  test('with a crop need a box', async () => {
    expect(await linesOf('boxless.jsonl', [row({ transform: ['crop'] })])).toEqual([
      'boxless.jsonl line 1: tools: box: expected a box, since `crop` is required, got none',
    ])
  })

  test('agree with the pixels: a wrong transformation is told with what it looks like, wherever the canonical image stands', async () => {
    const turned = (transform: Transform): Promise<Buffer> => transformImage({ bytes: base, transform })
    const version = async (transform: Transform, applied: Transform): Promise<Record<string, unknown>> =>
      row({ image: cell(await turned(applied)), transform, image_id: 'base', dataset_name: 'pictures' })
    const lines = await linesOf('versions.jsonl', [
      await version('rotate_90', 'rotate_90'),
      await version('rotate_270', 'rotate_90'),
      await version('none', 'none'),
      await version('flip_vertical', 'flip_horizontal'),
      await version('flip_vertical', 'flip_vertical'),
    ])
    expect(lines).toEqual([
      'versions.jsonl line 2: tools: transform: expected the pixels of versions.jsonl line 3 once rotate_270 is undone, got a picture that looks as after rotate_90',
      'versions.jsonl line 4: tools: transform: expected the pixels of versions.jsonl line 3 once flip_vertical is undone, got a picture that looks as after flip_horizontal',
    ])
  })

  test('agree with the pixels: one sample that differs is enough', async () => {
    const { data, info } = await sharp(await transformImage({ bytes: base, transform: 'rotate_180' }))
      .raw()
      .toBuffer({ resolveWithObject: true })
    data[100] = (data[100] ?? 0) ^ 1
    const touched = await sharp(data, { raw: info }).png().toBuffer()
    const names = { image_id: 'base', dataset_name: 'pictures' }
    const lines = await linesOf('touched.jsonl', [
      row(names),
      row({ ...names, image: cell(touched), transform: 'rotate_180' }),
    ])
    expect(lines).toEqual([expect.stringMatching(/line 2: tools: .*scaled, or compressed anew$/)])
  })
})

test('a row that comes twice is told, in another file as well', async () => {
  const same = row()
  const [first, second] = [await jsonl('a.jsonl', [same, row(), same]), await jsonl('b.jsonl', [same])]
  const { lines } = await check([first, second], ['near-duplicate'])
  expect(lines).toEqual([
    'a.jsonl line 3: duplicate: row: expected a row that does not come twice, got question, answers and images of a.jsonl line 1',
    'b.jsonl line 1: duplicate: row: expected a row that does not come twice, got question, answers and images of a.jsonl line 1',
  ])
})

test('a check that is left out finds nothing, and progress reaches the number of rows', async () => {
  const path = await jsonl('without.jsonl', [row({ answer: '' }), row({ bbox: [0, 0, 500, 500] }), row()])
  const seen: number[] = []
  const report = await checkData({
    paths: [path],
    without: ['answer', 'box'],
    onProgress: ({ done, total }) => seen.push(done / total),
  })
  expect(Object.values(report.findings).every((count) => count === 0)).toBe(true)
  expect(seen.at(-1)).toBe(1)
})

test('a check that is aborted ends', async () => {
  const path = await jsonl('aborted.jsonl', [row(), row()])
  await expect(checkData({ paths: [path], signal: AbortSignal.abort() })).rejects.toThrow(/abort/)
})

test('of several files that a suite is made of, each finding names its file and the row there', async () => {
  const shards = join(folder, 'shards')
  await mkdir(shards)
  await jsonl('shards/a.jsonl', [row(), row(), row()])
  await writeFile(
    join(shards, 'b.jsonl'),
    `${JSON.stringify(row())}\n{\n${JSON.stringify(row({ answer: '' }))}\n`,
  )
  const found: unknown[] = []
  const report = await checkData({
    paths: ['mvtoolbench'],
    data: shards,
    onFinding: (finding) => found.push(finding),
  })
  const file = join(shards, 'b.jsonl')
  expect(found).toMatchObject([
    { check: 'schema', file, row: 2, where: `${file} line 2` },
    { check: 'answer', file, row: 3, where: `${file} line 3` },
  ])
  expect(report.rows).toBe(6)
})
