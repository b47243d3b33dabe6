import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'playwright-core'
import sharp from 'sharp'
import { curationDigest } from '../../curation/summary/digest.js'
import { summarizeCuration } from '../../curation/summary/summary.js'
import { testSample } from '../../store/testing/sample.js'
import { chromiumPath, openChromium } from '../testing/chromium.js'
import { curationPage } from './curation-page.js'

const HOSTILE = `</p><script>globalThis.wasRun = true</script><img src=x onerror="globalThis.wasRun = true"> & "quoted" \u202eturned`
const HASH = 'a'.repeat(64)
const image = { sha256: HASH, width: 300, height: 400 }
const execution = { stdout: '', operations: [], durationMs: 1 }

const sample = testSample({
  taskKey: `row"><b>`,
  epoch: 0,
  question: HOSTILE,
  box: [10, 20, 110, 60],
  curation: {
    type: 'error-handling',
    provocation: 'missing-name',
    kept: true,
    dropped: null,
    corrected: ['wrong-answer'],
  },
  trajectory: {
    messages: [
      { role: 'user', content: [{ type: 'text', text: HOSTILE }] },
      {
        role: 'assistant',
        content: [{ type: 'text', text: `<think>${HOSTILE}</think>\n<tool_call>{}</tool_call>` }],
      },
      { role: 'tool', content: [{ type: 'text', text: 'failed' }] },
      {
        role: 'assistant',
        content: [{ type: 'text', text: `<think>so</think><answer>${HOSTILE}</answer>` }],
      },
    ],
    images: [{ ...image, call: null, view: image }],
    calls: [
      {
        turn: 0,
        call: { code: HOSTILE, imageIndex: 0 },
        execution: {
          ...execution,
          status: 'error',
          kind: 'runtime',
          type: 'NameError',
          message: HOSTILE,
          traceback: '',
          line: 1,
        },
      },
    ],
    turns: 2,
    malformedCalls: 0,
    stop: 'answer',
    usage: { promptTokens: 5, completionTokens: 7 },
  },
})
const summary = summarizeCuration({
  head: {
    suite: 'small',
    teacher: { name: 'scripted', model: '1' },
    planned: 3,
    seed: HOSTILE,
    rows: 4,
    unused: { [HOSTILE]: 1 },
  },
  digests: [curationDigest({ sample, skeletonOf: () => 'x' })],
})
const page = curationPage({ name: 'set', summary, examples: [sample], hasReport: true })

test('the page takes nothing that a row, a model or an error wrote for markup', () => {
  expect(page).not.toContain('<script>')
  expect(page).not.toContain('<img src=x')
  expect(page).not.toContain('row"><b>')
  expect(page).not.toContain('\u202e')
  expect(page).toContain('&lt;script&gt;globalThis.wasRun = true&lt;/script&gt;')
  expect(page).toContain('report.html#sample=row%22%3E%3Cb%3E%230')
})

test('the page tells counts, and what was corrected', () => {
  expect(page).toMatch(/<b>1<\/b><span>kept of 3 planned<\/span>/)
  expect(page).toContain('wrong-answer')
  expect(page).toContain('NameError')
})

/** Width of an image as shown, over its height; runs in the page. */
async function shownRatio(element: unknown): Promise<number> {
  const image = element as { width: number; height: number; decode(): Promise<void> }
  await image.decode()
  return image.width / image.height
}

const path = chromiumPath()
const inChromium = path === null ? describe.skip : describe
const unless = path === null ? ' (skipped: no Chromium is installed)' : ''

inChromium(`The page in a browser${unless}`, () => {
  let folder: string
  let browser: Browser
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codevision-curation-page-'))
    await writeFile(join(folder, 'curation.html'), page)
    browser = await openChromium(path ?? '')
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  test.each([
    ['light', 1400],
    ['dark', 1400],
    ['dark', 360],
  ] as const)('is styled by its own sheet, %s, %i pixels wide', async (colorScheme, width) => {
    const tab = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
    const problems: string[] = []
    tab.on('console', (message) => problems.push(message.text()))
    await tab.goto(pathToFileURL(join(folder, 'curation.html')).href)
    expect(await tab.evaluate('globalThis.wasRun')).toBeUndefined()
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
    const ground = await tab.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    expect(ground).toBe(colorScheme === 'dark' ? 'rgb(22, 23, 26)' : 'rgb(251, 250, 247)')
    // Pictures of this test are not there; nothing else may fail.
    expect(problems.filter((text) => !text.includes('ERR_FILE_NOT_FOUND'))).toEqual([])
    await tab.close()
  })

  test.each([1400, 360])(
    'shows pictures in their own proportions with the boxes over them, %i pixels wide',
    async (width) => {
      await mkdir(join(folder, 'images'), { recursive: true })
      await sharp({ create: { width: 300, height: 400, channels: 3, background: 'red' } })
        .png()
        .toFile(join(folder, 'images', `${HASH}.png`))
      const tab = await browser.newPage({ viewport: { width, height: 800 } })
      await tab.goto(pathToFileURL(join(folder, 'curation.html')).href)
      const picture = tab.locator('.picture img').first()
      await picture.scrollIntoViewIfNeeded()
      expect(await picture.evaluate(shownRatio)).toBeCloseTo(3 / 4, 1)
      // The boxes are drawn over the picture, not beside it.
      expect(await tab.locator('.picture svg').first().boundingBox()).toEqual(await picture.boundingBox())
      await tab.close()
    },
  )
})
