// How long the report of a large run takes, how much memory, and how soon a browser shows it.
// npm run bench:report [-- --samples 10000] [--keep FOLDER] [--json FILE]
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { execa } from 'execa'
import { chromium } from 'playwright-core'
import { findProgram } from '../../dist/config/find-program.js'
import { makeReportRun } from './report-run.mjs'

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    keep: { type: 'string' },
    json: { type: 'string' },
  },
})
const samples = Number(values.samples)
const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'codevision-bench-report-')))
const path = join(folder, 'run')
const figures = []
const tell = (what, value, unit, goal) => {
  figures.push({ what, value, unit, goal })
  console.log(
    `${what.padEnd(52)} ${value.toFixed(unit === 's' ? 2 : 0).padStart(9)} ${unit}${goal ? `   goal: ${goal}` : ''}`,
  )
}

try {
  await mkdir(folder, { recursive: true })
  if (!(await exists(join(path, 'samples.jsonl')))) {
    console.log(`Making a run of ${samples} samples in ${path}`)
    await makeReportRun({ path, samples })
  }
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}\n`)
  const images = await readdir(join(path, 'images'))
  tell('samples', samples, '')
  tell('images', images.length, '')
  tell('journal', (await stat(join(path, 'samples.jsonl'))).size / 1e6, 'MB')

  const written = await writeInProcess(path)
  tell('report written in', written.seconds, 's', '< 60 s')
  tell('memory of the process, at most', written.megabytes, 'MB', '< 1000 MB')
  const chunks = await readdir(join(path, 'report'))
  const index = chunks.find((name) => name.startsWith('index-'))
  tell('chunks', chunks.length - 1, '')
  tell('index', (await stat(join(path, 'report', index))).size / 1e6, 'MB')

  await open(pathToFileURL(join(path, 'report.html')).href)
  if (values.json) await writeFile(values.json, JSON.stringify(figures, null, 2))
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true })
}

/** In a process of its own, so that its memory is that of the report alone. */
async function writeInProcess(run) {
  const module = new URL('../../dist/report/write-report.js', import.meta.url).href
  const program = `
    const { writeReport } = await import(${JSON.stringify(module)})
    const begun = performance.now()
    await writeReport({ path: ${JSON.stringify(run)} })
    console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 }))`
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  })
  return JSON.parse(stdout)
}

async function open(url) {
  const executablePath = findProgram('chromium') ?? findProgram('google-chrome')
  if (executablePath === null) {
    console.log('No Chromium on this machine: opening was not measured.')
    return
  }
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    await page.goto('about:blank')
    await timed('opened in Chromium, overview shown', '< 2 s', async () => {
      await page.goto(url)
      await page.locator('.overview .tracks').first().waitFor()
    })
    await timed('list of all samples', '', async () => {
      await page.keyboard.press('s')
      await page.getByRole('listbox').getByRole('option').first().waitFor()
    })
    await timed('a search', '', async () => {
      await page.getByRole('searchbox').fill(`sign number ${samples - 1}`)
      await page.getByRole('status').getByText('1', { exact: true }).waitFor()
    })
    await timed('its sample with the first image', '', async () => {
      await page.getByRole('option').getByText('sign number').first().click()
      await page.locator('.task-images img').evaluate((image) => image.decode())
    })
    const { JSHeapUsedSize } = await heap(page)
    tell('memory of the page', JSHeapUsedSize / 1e6, 'MB')
  } finally {
    await browser.close()
  }
}

async function timed(what, goal, action) {
  const begun = performance.now()
  await action()
  tell(what, (performance.now() - begun) / 1000, 's', goal)
}

async function heap(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const { metrics } = await session.send('Performance.getMetrics')
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]))
}

function exists(file) {
  return stat(file).then(
    () => true,
    () => false,
  )
}
