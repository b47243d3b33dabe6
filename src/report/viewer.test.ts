import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Locator, Page } from 'playwright-core'
import { chromiumPath, openChromium, openPage, type WatchedPage } from './testing/chromium.js'
import { HOSTILE, writeExampleRuns } from './testing/example-runs.js'
import { startViewServer, type ViewServer } from './view-server.js'
import { writeReport } from './write-report.js'

const path = chromiumPath()
const inChromium = path === null ? describe.skip : describe
const unless = path === null ? ' (skipped: no Chromium is installed)' : ''

let folder: string
let runs: { a: string; b: string }
let browser: Browser
let server: ViewServer
let opened: WatchedPage[] = []

beforeAll(async () => {
  if (path === null) return
  folder = await mkdtemp(join(tmpdir(), 'codevision-viewer-'))
  runs = await writeExampleRuns(folder)
  await writeReport({ path: runs.a })
  server = await startViewServer({ paths: [runs.a, runs.b] })
  browser = await openChromium(path)
})
afterAll(async () => {
  if (path === null) return
  await browser.close()
  await server.close()
  await rm(folder, { recursive: true })
})
afterEach(async () => {
  for (const { page } of opened) await page.close()
  opened = []
})

async function openReport(
  hash = '',
  options: Partial<Parameters<typeof openPage>[0]> = {},
): Promise<WatchedPage> {
  const url = `${pathToFileURL(join(runs.a, 'report.html')).href}${hash}`
  const watched = await openPage({ browser, url, ...options })
  opened.push(watched)
  return watched
}

/** Width of an image's file, in pixels; runs in the page. */
async function decodedWidth(element: unknown): Promise<number> {
  const image = element as { naturalWidth: number; decode(): Promise<void> }
  await image.decode()
  return image.naturalWidth
}

const optionsOf = (page: Page): Locator => page.getByRole('listbox').getByRole('option')
const heading = (page: Page): Promise<string> => page.locator('.sample h2').innerText()

inChromium(`A report in a browser${unless}`, () => {
  test('opens as a file, shows the accuracies, and asks for nothing but its own files', async () => {
    const { page, problems, requests } = await openReport()
    expect(await page.locator('.big').innerText()).toMatch(/^34\.4\s?%$/)
    expect(
      await page
        .getByRole('row', { name: /^Rot90/ })
        .first()
        .innerText(),
    ).toContain('16.7')
    expect(
      await page
        .getByRole('row', { name: /autocontrast/ })
        .first()
        .innerText(),
    ).toContain('1')
    await page.keyboard.press('s')
    await page.getByRole('listbox').waitFor()
    await page.keyboard.press('j')
    await page.locator('.sample').waitFor()
    expect(problems).toEqual([])
    const own = pathToFileURL(runs.a).href
    expect(requests.filter((url) => !url.startsWith(`${own}/`))).toEqual([])
    expect(requests.some((url) => url.includes('/images/'))).toBe(true)
  })

  test('filters by outcome and by search, and says beside each choice how many samples it would leave', async () => {
    const { page } = await openReport('#view=samples')
    const status = page.getByRole('status')
    expect(await status.innerText()).toBe('32 of 32')
    await page.getByLabel('turn-limit').check()
    expect(await status.innerText()).toBe('1 of 32')
    expect(await page.locator('label', { hasText: 'rotate_270' }).innerText()).toMatch(/0$/)
    await page.getByLabel('turn-limit').uncheck()
    await page.keyboard.press('/')
    await page.keyboard.type('PICTURE 2')
    expect(await status.innerText()).toBe('11 of 32')
    expect(await optionsOf(page).first().innerText()).toContain('picture 2?')
    await page.keyboard.press('Escape')
    await page.getByRole('checkbox', { name: /^correct/ }).check()
    expect(await status.innerText()).toBe('3 of 32')
    await page.getByRole('button', { name: 'Show all samples' }).click()
    expect(await status.innerText()).toBe('32 of 32')
    await page.getByLabel('failed, then worked').check()
    expect(await status.innerText()).toBe('1 of 32')
  })

  test('is read with the keyboard alone: samples, turns, help, and back', async () => {
    const { page, problems } = await openReport('#view=samples')
    await page.keyboard.press('j')
    await page.locator('.turn.current').waitFor()
    expect(await heading(page)).toBe('What stands in the second line?')
    const step = page.locator('.steps [aria-current=step]')
    expect(await step.innerText()).toContain('1')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await step.innerText()).toBe('3')
    await page.keyboard.press('ArrowLeft')
    expect(await step.innerText()).toBe('2')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'picture 0?' }).waitFor()
    await page.keyboard.press('k')
    await page.keyboard.press('k')
    await page.getByRole('heading', { name: 'second line?' }).waitFor()
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog').innerText()).toContain('next sample')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.locator('.sample').count()).toBe(1)
    await page.keyboard.press('Escape')
    await page.locator('.sample').waitFor({ state: 'detached' })
    expect(problems).toEqual([])
  })

  test('a link with a key opens that sample at that turn, and the back button leads back', async () => {
    const { page } = await openReport('#sample=recovering#1&turn=2')
    await page.locator('[data-turn="2"].current').waitFor()
    expect(await heading(page)).toBe('What stands in the second line?')
    await page.getByRole('button', { name: 'Overview' }).click()
    await page.locator('.overview').waitFor()
    await page.goBack()
    await page.locator('[data-turn="2"].current').waitFor()
    await page.goForward()
    await page.locator('.overview').waitFor()
    await page
      .getByRole('row', { name: /^Rot90/ })
      .first()
      .getByRole('button')
      .click()
    expect(await page.getByRole('status').innerText()).toBe('6 of 32')
    await page.goBack()
    await page.locator('.overview').waitFor()
  })

  test('marks the line that failed, folds the traceback, and shows what was printed and required', async () => {
    const { page } = await openReport('#sample=recovering#1')
    const first = page.locator('[data-turn="0"]')
    await first.waitFor()
    expect(await first.locator('.line.fails').innerText()).toContain('imge.rotate')
    expect(await first.getByRole('group', { name: 'Error' }).innerText()).toContain(
      "NameError: name 'imge' is not defined",
    )
    expect(await first.getByText('in <module>').isVisible()).toBe(false)
    await first.getByText('Traceback').click()
    expect(await first.getByText('in <module>').isVisible()).toBe(true)
    expect(await page.locator('[data-turn="1"]').innerText()).toContain('(320, 480)')
    expect(await page.getByRole('region', { name: 'Rewards' }).innerText()).toMatch(/mustUse\s+0\.750/)
    expect(await page.locator('.sample').innerText()).toMatch(/Required tools\s+rotate_270, crop/)
  })

  test('tells how each use of a tool ended and how long it took, beside what was observed', async () => {
    const { page } = await openReport('#sample=recovering#1')
    const turn = page.locator('[data-turn="2"]')
    await turn.waitFor()
    const listed = turn.getByRole('list', { name: 'Operations that were observed' }).getByRole('listitem')
    expect((await listed.allInnerTexts()).map((text) => text.trim())).toEqual([
      expect.stringMatching(/^crop/),
      expect.stringMatching(/^autocontrast/),
      expect.stringMatching(/^tools\.ocr ok, 1\.5 s/),
      expect.stringMatching(/^tools\.detect failed, 12 ms: tools\.detect: no luck/),
    ])
  })

  test('draws the target and the crop in the pixels of each image, rotated ones too', async () => {
    const { page } = await openReport('#sample=recovering#1')
    await page.locator('[data-turn="2"]').waitFor()
    const points = (where: string, kind: string): Promise<string | null> =>
      page.locator(`${where} .${kind} polygon`).last().getAttribute('points')
    expect(await points('.task-images', 'target')).toBe('110,120 150,120 150,240 110,240')
    const before = '[data-turn="2"] figure:first-child'
    expect(await points(before, 'crop')).toBe('60,100 220,100 220,180 60,180')
    expect(await points(before, 'target')).toBe('200,110 200,150 80,150 80,110')
    expect(await points('[data-turn="2"] figure:last-child', 'target')).toBe('140,10 140,50 20,50 20,10')
    expect(await page.locator(`${before} img`).evaluate(decodedWidth)).toBe(320)
  })

  test('shows an image also as the model saw it', async () => {
    const { page } = await openReport('#sample=recovering#1')
    const figure = page.locator('.task-images figure')
    const width = (): Promise<number> => figure.locator('img').evaluate(decodedWidth)
    expect(await width()).toBe(480)
    await figure.getByRole('button', { name: 'as the model saw it, 240 × 160' }).click()
    await figure.getByRole('button', { name: 'in full' }).waitFor()
    expect(await width()).toBe(240)
    await figure.getByRole('button', { name: 'in full' }).click()
    await figure.getByRole('button', { name: 'as the model saw it' }).waitFor()
    expect(await width()).toBe(480)
    await figure.getByTitle('Open in full size').click()
    await page.getByRole('dialog').locator('img').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.locator('.sample').count()).toBe(1)
  })

  test('has landmarks, and a name for everything that can be pressed, chosen or seen', async () => {
    for (const hash of ['', '#sample=recovering#1']) {
      const { page } = await openReport(hash)
      if (hash !== '') await page.locator('[data-turn="0"]').waitFor()
      for (const role of ['main', 'banner'] as const) expect(await page.getByRole(role).count()).toBe(1)
      expect(await page.getByRole('navigation', { name: 'Views' }).count()).toBe(1)
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      const nameless =
        await page.evaluate(`[...document.querySelectorAll('button, input, select, img, nav, [role=listbox]')]
        .filter((element) => !(element.getAttribute('aria-label') || element.getAttribute('alt') ||
          element.textContent.trim() || element.closest('label')?.textContent.trim() || element.querySelector('img[alt]')))
        .map((element) => element.outerHTML)`)
      expect(nameless).toEqual([])
      await page.keyboard.press('Tab')
      expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    }
  })

  test('takes nothing that a model, a judge or a data set wrote for markup', async () => {
    const { page, problems } = await openReport('#sample=hostile#1')
    await page.locator('[data-turn="0"]').waitFor()
    await page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    await page
      .getByRole('button', { name: /Show more of 9/ })
      .first()
      .click()
    expect(await page.evaluate('globalThis.wasRun')).toBeUndefined()
    expect(await page.locator('#app script, #app b b, .sample i, img[onerror]').count()).toBe(0)
    const question = await page.locator('.question-text').innerText()
    expect(question).toContain('<script>globalThis.wasRun = true</script>')
    expect(question).toContain('turned ⟨U+202E⟩ around')
    expect(question).toContain('half \ufffd of a pair')
    expect(question).toContain('null ␀ byte')
    expect(question).toContain(HOSTILE.split('\n').at(-1))
    const text = await page.locator('.sample').innerText()
    expect(text).toMatch(/__proto__\s+0\.500/)
    expect(text).toContain('"__proto__": {')
    expect(await page.evaluate('({}).polluted')).toBeUndefined()
    expect(problems).toEqual([])
  })

  test('a category named __proto__ is a category', async () => {
    const { page } = await openReport('#view=samples')
    await page.locator('label', { hasText: '__proto__' }).click()
    expect(await page.getByRole('status').innerText()).toBe('1 of 32')
  })

  test('fits a phone: nothing wider than 360 pixels, one pane at a time', async () => {
    const phone = { viewport: { width: 360, height: 740 } }
    for (const hash of ['', '#view=samples', '#sample=recovering#1', '#sample=hostile#1']) {
      const { page } = await openReport(hash, phone)
      if (hash.includes('sample=')) await page.locator('[data-turn="0"]').waitFor()
      const wider = await page.evaluate(`[...document.querySelectorAll('body *')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 300 &&
          !['auto', 'scroll', 'hidden'].includes(getComputedStyle(element).overflowX))
        .map((element) => element.className)`)
      expect({ hash, wider }).toEqual({ hash, wider: [] })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
      expect(await page.evaluate('document.querySelector("main").scrollWidth')).toBe(360)
    }
    const { page } = await openReport('#view=samples', phone)
    await optionsOf(page).first().click()
    await page.locator('[data-turn="0"]').waitFor()
    expect(await page.getByRole('listbox').isVisible()).toBe(false)
    await page.getByRole('button', { name: 'All samples' }).click()
    expect(await page.getByRole('listbox').isVisible()).toBe(true)
  })

  test('follows the colours of the system until it is told otherwise', async () => {
    const { page } = await openReport('', { colorScheme: 'dark' })
    const brightness = async (): Promise<number> => {
      const colour = await page.locator('body').evaluate((body) => {
        const view = globalThis as unknown as { getComputedStyle(of: unknown): { color: string } }
        return view.getComputedStyle(body).color
      })
      return Number(/\d+/.exec(colour)?.[0])
    }
    /** The page is drawn anew a moment after a press; a colour that does not come ends the test by its time limit. */
    const becomes = async (isSo: (value: number) => boolean): Promise<void> => {
      while (!isSo(await brightness())) await page.waitForTimeout(20)
    }
    expect(await brightness()).toBeGreaterThan(180)
    const button = page.getByRole('button', { name: /^Colours/ })
    await button.click()
    await becomes((value) => value < 80)
    await button.click()
    await becomes((value) => value > 180)
  })

  test('one page with everything shows samples and images without any other file', async () => {
    const { file } = await writeReport({ path: runs.b, inline: true })
    const watched = await openPage({ browser, url: `${pathToFileURL(file).href}#sample=recovering#1` })
    opened.push(watched)
    const { page, problems, requests } = watched
    await page.locator('[data-turn="2"]').waitFor()
    await page.locator('[data-turn="2"] img').first().scrollIntoViewIfNeeded()
    expect(await page.locator('.task-images img').evaluate(decodedWidth)).toBe(480)
    expect(problems).toEqual([])
    expect(requests.filter((url) => !url.startsWith('data:'))).toHaveLength(1)
  })
})

inChromium(`Several runs in a browser${unless}`, () => {
  async function openView(
    hash = '',
    options: Partial<Parameters<typeof openPage>[0]> = {},
  ): Promise<WatchedPage> {
    const watched = await openPage({ browser, url: `${server.url}${hash}`, ...options })
    opened.push(watched)
    return watched
  }

  test('stand side by side in a table, and the flips between two of them in a list', async () => {
    const { page, problems, requests } = await openView()
    const table = page.getByRole('region', { name: 'Runs' })
    expect(await table.getByRole('row', { name: /tiny-trained/ }).innerText()).toContain('40.6')
    await page.keyboard.press('c')
    await page.locator('.compare').waitFor()
    expect(await page.locator('.change').innerText()).toMatch(/34\.4 % → 40\.6 % \+6\.3\s+over 32 pairs/)
    expect(await page.locator('.change').innerText()).toContain('Set up differently: policy.model')
    expect(await optionsOf(page).count()).toBe(2)
    await page.keyboard.press('j')
    await page.locator('.side-by-side .sample').nth(1).waitFor()
    const [before, after] = await page.locator('.side-by-side .score').allInnerTexts()
    expect(before).toMatch(/Answer\s+11\s/)
    expect(after).toMatch(/Answer\s+12\s/)
    expect(problems).toEqual([])
    expect(requests.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:'))).toEqual([])
  })

  test('a pair has an address of its own', async () => {
    const { page } = await openView('#view=compare&kind=all&sample=recovering%231&turn=1')
    await page.locator('.side-by-side .turn.current').nth(1).waitFor()
    expect(await page.locator('.pager').innerText()).toContain('1 of 32')
  })

  test('the comparison fits a phone', async () => {
    const { page } = await openView('#view=compare&kind=all&sample=recovering%231', {
      viewport: { width: 360, height: 740 },
    })
    await page.locator('.side-by-side .sample').nth(1).waitFor()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
    expect(await page.evaluate('document.querySelector(".detail-pane").scrollWidth')).toBe(360)
  })
})
