import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { writeBenchmarkRuns, type BenchmarkRuns } from './testing/benchmark-runs.js'
import { chromiumPath, openChromium, openPage, type WatchedPage } from './testing/chromium.js'
import { writeJointReport } from './write-joint-report.js'
import { writeReport } from './write-report.js'

const path = chromiumPath()
const inChromium = path === null ? describe.skip : describe
const unless = path === null ? ' (skipped: no Chromium is installed)' : ''

let folder: string
let runs: BenchmarkRuns
let browser: Browser
let opened: WatchedPage[] = []

beforeAll(async () => {
  if (path === null) return
  folder = await mkdtemp(join(tmpdir(), 'codevision-figures-'))
  runs = await writeBenchmarkRuns(folder)
  for (const run of [runs.ocrbench, runs.hrbench, runs.charts.a, runs.epochs, runs.training])
    await writeReport({ path: run })
  browser = await openChromium(path)
})
afterAll(async () => {
  if (path === null) return
  await browser.close()
  await rm(folder, { recursive: true })
})
afterEach(async () => {
  expect(opened.flatMap(({ problems }) => problems)).toEqual([])
  for (const { page } of opened) await page.close()
  opened = []
})

async function open(file: string, options: Partial<Parameters<typeof openPage>[0]> = {}): Promise<Page> {
  const watched = await openPage({ browser, url: pathToFileURL(file).href, ...options })
  opened.push(watched)
  return watched.page
}

const openRun = (run: string, options: Partial<Parameters<typeof openPage>[0]> = {}): Promise<Page> =>
  open(join(run, 'report.html'), options)

/** Rows of a table as the texts of their cells, in one line each. */
async function rowsOf(table: Locator): Promise<string[]> {
  const texts = await table.getByRole('row').allInnerTexts()
  return texts.map((text) => text.replace(/\s+/g, ' ').trim())
}

const section = (page: Page, title: string): Locator => page.getByRole('region', { name: title, exact: true })

inChromium(`The figures of benchmarks in a browser${unless}`, () => {
  test('OCRBench: the sum of each transformation and type, beside the paper’s rows that were chosen', async () => {
    const page = await openRun(runs.ocrbench)
    const figure = section(page, 'Accuracy by transformation')
    const table = page.getByRole('region', { name: 'OCRBench score' })
    const rows = await rowsOf(table)
    expect(rows[0]).toBe('Type Source Rot90 Rot180 Rot270 Hori Verti Average')
    expect(rows[1]).toBe('Sum 10 83.3 % 7 58.3 % 4 33.3 % 1 8.3 % 1 8.3 % 1 8.3 % 33.3')
    expect(rows[2]).toBe('Qwen2.5-VL-7B in the paper, % 86.4 70.2 58.0 71.7 32.4 17.0 56.0')
    expect(rows[4]).toBe('Doc-oriented VQA of 4 4 100.0 % 3 75.0 % 2 50.0 % 1 25.0 % 1 25.0 % 1 25.0 % 50.0')
    expect(rows).toHaveLength(7)
    expect(await figure.locator('tr', { hasText: 'Average' }).first().locator('.paper-mark').count()).toBe(2)
    await figure.getByLabel('Qwen2.5-VL-7B').uncheck()
    expect(await table.getByText('in the paper').count()).toBe(1)
    expect(await figure.locator('tr', { hasText: 'Rot90' }).first().locator('.paper-mark').count()).toBe(1)
  })

  test('HR-Bench: the mean over rotations with its interval and the paper’s marks, and each rotation', async () => {
    const page = await openRun(runs.hrbench)
    const figure = section(page, 'HR-Bench: mean over rotations')
    const rows = await rowsOf(figure.locator('.tracks'))
    expect(
      rows.filter((row) => /^(all|single|cross)/.test(row)).map((row) => /^\S+ \S+/.exec(row)?.[0]),
    ).toEqual(['all 50.0', 'single 75.0', 'cross 25.0'])
    expect(await figure.locator('.paper-mark title').allTextContents()).toEqual(
      expect.arrayContaining(['CodeVision-8B: 77.1']),
    )
    expect(await rowsOf(page.getByRole('region', { name: /^Rotations/ }))).toEqual([
      'Options all single cross',
      'Rotation 0 100.0 100.0 100.0',
      'Rotation 1 50.0 100.0 0.0',
      'Rotation 2 50.0 100.0 0.0',
      'Rotation 3 0.0 0.0 0.0',
      'Mean 50.0 75.0 25.0',
    ])
    expect(await section(page, 'Accuracy by transformation').locator('.paper-mark').count()).toBe(0)
  })

  test('ChartQAPro: mean credit by type, and how many answers earned all of it', async () => {
    const page = await openRun(runs.charts.a)
    expect(await page.locator('.headline-number').innerText()).toMatch(
      /52\.5\s%\s+mean credit \(.*\)\s+full credit: 12 of 36 \(33\.3 %\)/,
    )
    const rows = await rowsOf(page.getByRole('region', { name: 'ChartQAPro credit' }))
    expect(rows[1]).toBe('All types 52.5 52.5 52.5 52.5 52.5 52.5 52.5')
    expect(rows[4]).toBe('Factoid of 3 46.7 46.7 46.7 46.7 46.7 46.7 46.7')
    await page.keyboard.press('s')
    const partial = page.getByRole('option', { name: /What is Factoid 1/ }).first()
    expect(await partial.innerText()).toContain('credit 0.4')
  })

  test('epochs: pass@k, each epoch, and both by transformation', async () => {
    const page = await openRun(runs.epochs)
    const figure = section(page, '4 answers to each question')
    const rows = await rowsOf(figure)
    // Of tasks with 0 to 4 right answers of four, two each: (0 + 1 + 1 + 1 + 1) / 5 for k = 4, and for k = 2 (0 + 1/2 + 5/6 + 1 + 1) / 5.
    for (const row of [
      /^pass@1 10 50\.0 /,
      /^pass@2 10 66\.7 /,
      /^pass@4 10 80\.0 /,
      /^Epoch 0 10 80\.0$/,
      /^Epoch 3 10 20\.0$/,
    ])
      expect(rows).toContainEqual(expect.stringMatching(row))
    const table = await rowsOf(page.getByRole('region', { name: 'pass@k by transformation' }))
    expect(table[0]).toBe('Applied pass@1 pass@2 pass@4')
    expect(table.map((row) => row.split(' ')[0])).toEqual(['Applied', 'Source', 'Rot90', 'All'])
  })

  test('errors and recoveries have intervals, and emergent tools stand with each transformation and lead to its samples', async () => {
    const page = await openRun(runs.epochs)
    const errors = section(page, 'Errors and recovery')
    expect(await errors.innerText()).toContain('16 of 32 calls failed, in 16 samples.')
    const rows = await rowsOf(errors)
    expect(rows).toContainEqual(expect.stringMatching(/^Failed calls 50\.0 \d+\.\d–\d+\.\d$/))
    expect(rows).toContainEqual(expect.stringMatching(/^Recovered 50\.0 \d+\.\d–\d+\.\d$/))
    expect(rows).toContainEqual(expect.stringMatching(/^Rot90 50\.0 \d+\.\d–\d+\.\d 87\.5 \d+\.\d–\d+\.\d$/))
    const emergent = page.locator('section', { has: page.getByRole('heading', { name: /^Emergent tools/ }) })
    expect(await rowsOf(emergent)).toContainEqual(
      expect.stringMatching(/^sharpen 8 13 % right 8 88 % right$/),
    )
    await emergent.getByRole('button', { name: 'Rot90' }).click()
    expect(await page.getByRole('status').innerText()).toBe('8 of 40')
  })

  test('a training: its curves with their ranges, and nothing of samples that it has not', async () => {
    const page = await openRun(runs.training)
    const figure = section(page, 'Training')
    expect(
      await figure.getByRole('img').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))),
    ).toEqual(['loss: 1.25 at step 2, 1.25 to 2.5', 'evaluation/loss: 1.5 at step 2, 1.5 to 3'])
    await figure.getByText('1 more figure').click()
    expect(await figure.getByRole('img', { name: /^seconds\/train/ }).isVisible()).toBe(true)
    expect(await section(page, 'Accuracy by transformation').count()).toBe(0)
    expect(await page.getByText('Not complete').count()).toBe(0)
  })

  test('nothing is wider than a phone, and tables scroll in their place', async () => {
    for (const run of [runs.ocrbench, runs.hrbench, runs.charts.a, runs.epochs, runs.training]) {
      const page = await openRun(run, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
      expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBe(360)
    }
  })
})

inChromium(`One page over several runs in a browser${unless}`, () => {
  test.each([
    ['beside the runs', false],
    ['with everything in it', true],
  ])('%s: partial credit is compared, and flips tell what was earned', async (_, inline) => {
    const file = join(folder, 'pages', inline ? 'inline.html' : 'linked.html')
    await writeJointReport({ paths: [runs.charts.a, runs.charts.b], file, inline })
    const page = await open(file)
    expect(await page.getByRole('row', { name: /charts-trained/ }).innerText()).toContain('54.2')
    await page.keyboard.press('c')
    expect(await page.locator('.change').innerText()).toMatch(
      /Mean credit 52\.5 % → 54\.2 % \+1\.7\s+over 36 pairs/,
    )
    expect(await page.getByLabel(/All changes/).isChecked()).toBe(true)
    const pairs = page.getByRole('listbox').getByRole('option')
    expect((await pairs.allInnerTexts()).map((text) => /\S+ → \S+(?=\s+Source)/.exec(text)?.[0])).toEqual([
      '0.4 → 1',
      '0 → 0.5',
      '0.75 → 0.25',
    ])
    await page.getByLabel(/A earned more/).check()
    expect(await pairs.count()).toBe(1)
    await page.keyboard.press('j')
    await page.locator('.side-by-side img').nth(1).waitFor()
    expect(await page.locator('.side-by-side .score').allInnerTexts()).toEqual([
      expect.stringContaining('0.750 of 1'),
      expect.stringContaining('0.250 of 1'),
    ])
    const widths = await page.locator('.side-by-side img').evaluateAll((images) =>
      (images as unknown as { naturalWidth: number; decode(): Promise<void> }[])
        .map(async (image) => {
          await image.decode()
          return image.naturalWidth
        })
        .reduce(async (all, width) => [...(await all), await width], Promise.resolve<number[]>([])),
    )
    expect(widths).toEqual([200, 200])
  })
})
