import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { testSample } from '../store/testing/sample.js'
import type { PageBoot } from './report-data.js'
import { writeTestRun } from './testing/test-run.js'
import { writeJointReport } from './write-joint-report.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-joint-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function twoRuns(): Promise<string[]> {
  const paths = [join(folder, 'one', 'eval #1'), join(folder, 'two', 'eval #1')]
  for (const path of paths) await writeTestRun({ path, samples: [testSample()], images: [] })
  return paths
}

async function bootOf(file: string): Promise<PageBoot> {
  const html = await readFile(file, 'utf8')
  return JSON.parse(/id="boot">(.*?)<\/script>/.exec(html)?.[1] ?? '') as PageBoot
}

test('one page names the runs apart and finds them from where it lies; each run has its own report too', async () => {
  const paths = await twoRuns()
  const file = join(folder, 'pages', 'both.html')
  const written = await writeJointReport({ paths, file })
  expect(written).toMatchObject({ file, samples: 2 })
  const { runs, isInline } = await bootOf(file)
  expect(isInline).toBe(false)
  expect(runs.map(({ name, base }) => [name, base])).toEqual([
    ['one/eval #1', '../one/eval%20%231/'],
    ['two/eval #1', '../two/eval%20%231/'],
  ])
  for (const [position, path] of paths.entries()) {
    expect(await readdir(join(path, 'report'))).toContain(runs[position]?.index)
    expect(await readdir(path)).toContain('report.html')
    expect(await readdir(path)).not.toContain('lock.json')
  }
})

test('a page that holds everything needs no file of the runs, and writes none into them', async () => {
  const paths = await twoRuns()
  const file = join(folder, 'both.html')
  expect(await writeJointReport({ paths, file, inline: true })).toMatchObject({ samples: 2 })
  const html = await readFile(file, 'utf8')
  for (const { index } of (await bootOf(file)).runs) expect(html).toContain(`data-chunk="${index}"`)
  for (const path of paths) {
    expect(await readdir(path)).not.toContain('report.html')
    expect(await readdir(path)).not.toContain('lock.json')
  }
})

test('a run that is given twice, and one that is not there, are told', async () => {
  const [one = ''] = await twoRuns()
  const file = join(folder, 'both.html')
  await expect(writeJointReport({ paths: [one, `${one}/`], file })).rejects.toThrow(/got this one twice/)
  for (const inline of [false, true])
    await expect(writeJointReport({ paths: [one, join(folder, 'none')], file, inline })).rejects.toThrow(
      /expected the folder of a run/,
    )
  expect(await readdir(folder)).not.toContain('both.html')
  expect(await readdir(one)).not.toContain('lock.json')
})
