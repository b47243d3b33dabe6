import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { loadGrpoSettings } from '../../../config/training-config.js'
import { chromiumPath, openChromium } from '../../../report/testing/chromium.js'
import type { MeasuredSeed } from '../measured-arm.js'
import { openStudy } from '../open-study.js'
import { STUDY_NAMES, type StudyName } from '../study.js'
import { inventedSeed } from '../testing/records.js'
import { studyPage } from './study-page.js'

const base = await loadGrpoSettings({
  path: fileURLToPath(new URL('../../../../configs/mini/study.yaml', import.meta.url)),
})
const steps = Array.from({ length: 40 }, (_, at) => at)

function curves(slope: number, seed: number) {
  const at = (scale: number): number[] =>
    steps.map((step) => Math.sin(step + seed) / 9 + slope * step * scale)
  return {
    steps,
    figures: [
      ['reward/total', at(0.03)],
      ['accuracy', at(0.01)],
      ['toolCalls', at(0.05)],
      ['reward/penalty', at(-0.001)],
      ['evaluation/accuracy', steps.map((step) => (step % 10 === 0 ? slope * step * 0.01 : null))],
    ] as [string, (number | null)[]][],
  }
}

/** A page of invented figures; without the last arm, so that it is not finished. */
function pageOf(name: StudyName): Promise<string> {
  const choices = { heldOut: ['rotate_90'], beta1: [0, 1, 2], beta2: [0, 0.5, 1], rowCounts: [32] } as const
  const study = openStudy({ name, choices, hasTrained: false })
  const measured = new Map<string, MeasuredSeed[]>(
    study.arms.slice(0, -1).map(({ name: arm, arm: { kind } }, at) => [
      arm,
      [0, 1].map((seed) =>
        inventedSeed({
          ...{ accuracy: 0.2 + at * 0.05 + seed * 0.02, toolTurns: 1 + at * 0.2, seed },
          curves: kind === 'trained' ? curves(1 - at / 10, seed) : null,
        }),
      ),
    ]),
  )
  return studyPage({
    ...{ study, measured, base, seeds: 2, folder: '/runs/studies', output: 'runs/studies' },
    command: 'codevision experiment "><script>globalThis.wasRun = true</script>',
  })
}

test('a page has the verdict, every arm, curves as pictures, and no address but its own', async () => {
  const page = await pageOf('reward-ablation')
  expect(page).toContain('cannot be told from these figures')
  expect(page).toContain('Not finished: 2 of 8 arms and seeds are missing.')
  expect(page).toContain('72.3')
  expect(page.match(/<img class="figure" src="data:image\/svg\+xml;base64,/g)).toHaveLength(6)
  expect(page).not.toContain('<script')
  expect(page).not.toMatch(/https?:/)
  expect(page).toContain('codevision view runs/studies/evaluations/seed-0')
})

test('the grid of a sweep has a cell for each arm, deepest where there is most', async () => {
  const page = await pageOf('beta-sweep')
  expect(page.match(/<td class="heat-\d">/g)).toHaveLength(16)
  expect(page).toMatch(/<td class="heat-8">\s*56\.\d %/)
})

const path = chromiumPath()
const inBrowser = path === null ? describe.skip : describe
inBrowser('in a browser', () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    browser = await openChromium(path ?? '')
    folder = await mkdtemp(join(tmpdir(), 'codevision-study-page-'))
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  test.each([...STUDY_NAMES])('%s is shown from a file without a complaint, on a phone too', async (name) => {
    const file = join(folder, `${name}.html`)
    await writeFile(file, await pageOf(name))
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    const problems: string[] = []
    page.on('console', (message) => problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(pathToFileURL(file).href)
    const sizes = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      unloaded: [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).length,
      wasRun: 'wasRun' in globalThis,
    }))
    expect(sizes).toEqual({ overflow: 0, unloaded: 0, wasRun: false })
    expect(problems).toEqual([])
    await page.close()
  })
})
