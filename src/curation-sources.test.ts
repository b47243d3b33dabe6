import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import { UsageError } from './core/errors.js'
import type { Sample } from './core/sample.js'
import type { Sandbox } from './core/sandbox.js'
import { TRANSFORMS } from './core/transform.js'
import { parseMix } from './curation/plan/curation-options.js'
import { defaultView, PAPER_VIEW } from './curation/plan/default-view.js'
import { planSet } from './curation/plan/plan-set.js'
import { replayRun } from './curation/replay/replay-run.js'
import { runCuration, type CurationResult } from './curation/run/run-curation.js'
import { createScriptedTeacher } from './curation/teacher/scripted-teacher.js'
import { skeletonOf } from './curation/teacher/skeleton-of.js'
import { TEST_SETTINGS, TEST_VIEW, testOptions } from './curation/testing/settings.js'
import { loadSuite, type Suite } from './data/load-suite.js'
import { parseMiniWorldConfig } from './data/mini-world/mini-world-config.js'
import { writeMiniWorld } from './data/mini-world/write-mini-world.js'
import { mapBox } from './data/transforms/map-box.js'
import { openRun } from './store/open-run.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const [WIDTH, HEIGHT] = [900, 700]

let folder: string
let sandbox: Sandbox
let release: Sandbox

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codevision-sources-'))
  ;[sandbox, release] = await Promise.all([
    createSandbox({ runtime }),
    createSandbox({ runtime, profile: 'release' }),
  ])
})
afterAll(async () => {
  await Promise.all([sandbox.close(), release.close()])
  await rm(folder, { recursive: true })
})

/** A picture with something at every place, none of it alike. */
async function picture(format: 'jpeg' | 'png' | 'rgba' | 'grey'): Promise<Buffer> {
  const data = Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => (Math.imul(at + 1, 2654435761) >>> 16) & 255),
  )
  const base = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .blur(4)
    .normalise()
  switch (format) {
    case 'jpeg':
      return base.jpeg({ quality: 80 }).toBuffer()
    case 'png':
      return base.png().toBuffer()
    case 'rgba':
      return base.ensureAlpha(0.5).png().toBuffer()
    case 'grey':
      return base.greyscale().png().toBuffer()
  }
}

const BOX = [600, 500, 640, 520] as const

/** Plain rows as anyone writes them: one picture a format, transformed by whoever made the row. */
async function writeRows(): Promise<Suite> {
  const rows: object[] = []
  for (const [at, format] of (['jpeg', 'png', 'rgba', 'grey'] as const).entries()) {
    const upright = await picture(format)
    const transform = TRANSFORMS[at + 1] ?? 'none'
    const turned = sharp(upright)
    const bytes =
      transform === 'rotate_90'
        ? await turned.rotate(270).toBuffer()
        : transform === 'rotate_180'
          ? await turned.rotate(180).toBuffer()
          : transform === 'rotate_270'
            ? await turned.rotate(90).toBuffer()
            : await turned.flop().toBuffer()
    rows.push({
      id: format,
      question: `Which number stands at the ${format} corner?`,
      answer: `4${at}7`,
      image: { bytes: bytes.toString('base64') },
      transform: [transform, 'crop'],
      bbox: mapBox({ box: BOX, width: WIDTH, height: HEIGHT, transform }),
    })
  }
  rows.push({
    id: 'boxless',
    question: 'What is it?',
    answer: 'noise',
    image: { bytes: (await picture('png')).toString('base64') },
  })
  rows.push({
    id: 'broken',
    question: 'What is it?',
    answer: 'noise',
    image: { bytes: Buffer.from('no image').toString('base64') },
  })
  rows.push({
    id: 'unanswered',
    question: 'What is it?',
    answer: '',
    image: { bytes: (await picture('png')).toString('base64') },
  })
  const path = join(folder, 'rows.jsonl')
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return loadSuite({ suite: path })
}

let written: Promise<Suite> | null = null
const plainRows = (): Promise<Suite> => (written ??= writeRows())

let made = 0
async function curate(
  parameters: Pick<Parameters<typeof runCuration>[0], 'sources' | 'sandbox' | 'options'> &
    Partial<Parameters<typeof runCuration>[0]>,
): Promise<CurationResult & { samples: Sample[] }> {
  const path = join(folder, `run-${made++}`)
  const result = await runCuration({
    createTeacher: (sources) => createScriptedTeacher(sources),
    skeletonOf,
    agent: TEST_SETTINGS,
    provokedTimeoutMs: 1_000,
    run: { path, mode: 'create' },
    ...parameters,
  })
  const samples: Sample[] = []
  for await (const sample of (await openRun({ path, mode: 'read' })).samples()) samples.push(sample)
  return { ...result, samples }
}

describe('rows of anyone', () => {
  test('in JPEG, with transparency and in grey become trajectories that are exact to the pixel', async () => {
    const suite = await plainRows()
    const found = await curate({
      sources: [suite],
      sandbox,
      options: testOptions({ count: 24, mix: parseMix('multi-tool=1,multi-crop=1') }),
    })
    expect(
      found.samples
        .filter(({ curation }) => curation?.kept !== true)
        .map(({ curation }) => curation?.dropped),
    ).toEqual([])
    expect(found.summary).toMatchObject({ kept: 24, rows: 7 })
    expect(found.summary.unused).toEqual({
      'image 0: expected an image file, got 8 bytes that cannot be decoded: Error: Input buffer contains unsupported image format': 1,
      'the row has no answer': 1,
    })
    const ids = new Set(found.samples.map(({ taskId }) => taskId.split('.')[0]))
    expect([...ids].sort()).toEqual(['grey', 'jpeg', 'png', 'rgba'])
    // The box is that of the picture as it is given now, not of the row's.
    for (const { transform, box } of found.samples)
      expect(box).toEqual(mapBox({ box: BOX, width: WIDTH, height: HEIGHT, transform }))
  })

  test('without a box serve orientation alone, and what is asked for besides is told', async () => {
    const suite = await plainRows()
    const boxless = {
      path: suite.path,
      tasks: () => suite.tasks({ isWanted: (index) => index === 4 }),
    }
    const options = testOptions({ count: 10 })
    const { items, notices } = await planSet({ sources: [boxless], options, maxPixels: TEST_VIEW })
    expect(new Set(items.map(({ scheduled }) => scheduled.type))).toEqual(
      new Set(['single-tool', 'error-handling']),
    )
    expect(notices.join('\n')).toMatch(/No row can become no-tool: no-tool needs a box/)
    const crops = planSet({
      sources: [boxless],
      options: testOptions({ mix: parseMix('multi-crop=1') }),
      maxPixels: TEST_VIEW,
    })
    await expect(crops).rejects.toThrow(UsageError)
    await expect(crops).rejects.toThrow(/None of 1 rows can become a trajectory/)
  })

  test('tell the view they were made for, or else the paper’s is taken', async () => {
    expect(await defaultView([await plainRows()])).toBe(PAPER_VIEW)
  })
})

test('in the released environment, which resizes its inputs, trajectories are exact and replay too', async () => {
  const config = parseMiniWorldConfig({ rows: 24, seed: 'r', size: 640, view: TEST_VIEW, 'read-height': 10 })
  const { path } = await writeMiniWorld({ config, folder: join(folder, 'mini') })
  const suite = await loadSuite({ suite: path })
  expect(await defaultView([suite])).toBe(TEST_VIEW)
  const found = await curate({
    sources: [suite],
    sandbox: release,
    options: testOptions({ count: 30, seed: 'release' }),
    agent: { ...TEST_SETTINGS, feedback: 'release', parsing: 'hermes' },
  })
  expect(
    found.samples.filter(({ curation }) => curation?.kept !== true).map(({ curation }) => curation?.dropped),
  ).toEqual([])
  for (const { trajectory } of found.samples)
    for (const { width, height } of trajectory?.images ?? [])
      expect([width % 28, height % 28]).toEqual([0, 0])
  expect(await replayRun({ path: found.path, sandbox: release })).toMatchObject({ differences: [] })
})
