import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { findProgram, findUsualProgram } from '../../config/find-program.js'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** The browser of this machine; null where there is none. */
export const chromiumPath = (): string | null =>
  NAMES.map((name) => findProgram(name) ?? findUsualProgram(name)).find((path) => path !== null) ?? null

export function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

/** A page that keeps account of what a report must not do. */
export interface WatchedPage {
  page: Page
  /** Errors in the console, exceptions, and failed requests. */
  problems: string[]
  /** Addresses that were asked for. */
  requests: string[]
}

export async function openPage({
  browser,
  url,
  ...options
}: { browser: Browser; url: string } & BrowserContextOptions): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options })
  const watched: WatchedPage = { page, problems: [], requests: [] }
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) watched.problems.push(message.text())
  })
  page.on('pageerror', (error) => watched.problems.push(error.message))
  page.on('requestfailed', (request) => watched.problems.push(`failed: ${request.url()}`))
  page.on('request', (request) => watched.requests.push(request.url()))
  await page.goto(url)
  await page.locator('.overview, .samples, .compare').first().waitFor()
  return watched
}
