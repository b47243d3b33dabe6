import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { loadEvaluationConfig } from '../../config/evaluation-config.js'
import { loadGrpoConfig, loadGrpoSettings } from '../../config/training-config.js'
import { boardPng } from '../../data/card-board/write-boards.js'
import { openBackend } from '../../models/backend/open-backend.js'
import { openModel, type VisionLanguageModel } from '../../models/open-model.js'
import { processImage } from '../../models/processor/process-image.js'
import { parseMiniConfig, type MiniStageConfig } from './mini-config.js'
import { MINI_TASKS, type MiniTaskName } from './mini-sample.js'
import { shapeSchema } from './mini-shape.js'
import { DIRECT_PROMPT, TOOLS_PROMPT } from './phrases.js'
import { loadMiniRecipe } from './recipe/recipe-config.js'
import { createSampleEncoder } from './sample-encoder.js'
import { openSampleStream } from './sample-stream.js'
import { writeMiniCheckpoint } from './write-mini-checkpoint.js'

const CONFIGS = new URL('../../../configs/mini/', import.meta.url)

let folder: string
let model: VisionLanguageModel

beforeAll(async () => {
  await openBackend('wasm')
  folder = await mkdtemp(join(tmpdir(), 'codevision-mini-stream-'))
  await writeMiniCheckpoint({ directory: folder, shape: shapeSchema.parse({}), seed: 1 })
  model = await openModel(folder)
})
afterAll(async () => {
  model.weights.dispose()
  await rm(folder, { recursive: true })
})

function stage(value: Record<string, unknown>): MiniStageConfig {
  return parseMiniConfig({ value: { steps: 10, batch: 4, ...value }, where: 'test' })
}
const EVERYTHING = Object.fromEntries(MINI_TASKS.map((task) => [task, 1]))

test('a batch is the same whichever were asked for before it, and none of another step', async () => {
  const config = stage({ phases: [{ mixture: EVERYTHING }] })
  const encoder = createSampleEncoder({ model })
  const digest = async (step: number): Promise<string> => {
    const hash = createHash('sha256')
    for (const sample of await (await openSampleStream(config)).batch(step)) {
      const { ids, mask, images } = encoder.encode(sample).segment
      for (const part of [ids, mask, ...images.map(({ pixels }) => pixels)]) hash.update(part)
    }
    return hash.digest('hex')
  }
  const [second, first, again] = [await digest(1), await digest(0), await digest(1)]
  expect(again).toBe(second)
  expect(first).not.toBe(second)
})

test('phases follow each other, and tasks come as often as the mixture says', async () => {
  const phases = [{ steps: 2, mixture: { colours: 1 } }, { mixture: { digits: 3, orientation: 1 } }]
  const stream = await openSampleStream(stage({ phases, batch: 100 }))
  const count = async (step: number, task: MiniTaskName): Promise<number> =>
    (await stream.batch(step)).filter((sample) => sample.task === task).length
  expect(await count(1, 'colours')).toBe(100)
  const digits = await count(2, 'digits')
  expect(await count(2, 'orientation')).toBe(100 - digits)
  // 75 are to be expected, with a standard deviation of 4.3.
  expect(digits).toBeGreaterThan(60)
  expect(digits).toBeLessThan(90)
})

test('what is measured is not trained on', async () => {
  const stream = await openSampleStream(stage({ phases: [{ mixture: { colours: 1 } }] }))
  const [trained] = await stream.batch(0)
  const [held] = await stream.held({ task: 'colours', count: 1 })
  const [a, b] = [held, trained].map((sample) => Buffer.from(sample?.board.canonical.data ?? []))
  expect(a?.length).toBe(512 * 512 * 3)
  expect(a?.equals(b ?? Buffer.alloc(0))).toBe(false)
})

test('views are cut as their files would be, and each assistant turn is learned with the token that ends it', async () => {
  const stream = await openSampleStream(
    stage({ phases: [{ mixture: { trajectory: 1 } }], batch: 6, mistakes: { share: 1 } }),
  )
  const encoder = createSampleEncoder({ model })
  const samples = await stream.batch(0)
  for (const sample of samples) {
    const { segment, turns } = encoder.encode(sample)
    const views = sample.messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
    )
    for (const [at, view] of views.entries()) {
      const cut = await processImage({ bytes: await boardPng(view), config: model.processor })
      expect(segment.images[at]?.grid).toEqual(cut.grid)
      expect(cut.pixels.length).toBeGreaterThan(0)
      expect(Buffer.compare(cut.pixels, segment.images[at]?.pixels ?? Buffer.alloc(0)) === 0).toBe(true)
    }
    const texts = turns.map(({ start, end }) => model.tokenizer.decode([...segment.ids.slice(start, end)]))
    const written = sample.messages.filter(({ role }) => role === 'assistant')
    expect(texts).toEqual(
      written.map(({ content: [part] }) => `${part?.type === 'text' ? part.text : ''}<|im_end|>`),
    )
    const learned = Uint8Array.from(segment.ids, (_, at) =>
      turns.some(({ kind, start, end }) => kind !== 'mistake' && at >= start && at < end) ? 1 : 0,
    )
    expect(segment.mask).toEqual(learned)
    expect(segment.ids.length).toBeLessThan(350)
  }
  expect(samples.some(({ turns }) => turns.some(({ kind }) => kind === 'mistake'))).toBe(true)
})

test('the configurations that are shipped are in order, and their prompts those that are trained with', async () => {
  const names = (await readdir(CONFIGS)).filter((name) => name.endsWith('.yaml'))
  for (const name of names) {
    const path = fileURLToPath(new URL(name, CONFIGS))
    if (name.startsWith('eval-')) await loadEvaluationConfig({ path, overrides: { data: 'rows.parquet' } })
    else if (name.startsWith('grpo')) await loadGrpoConfig({ path, overrides: {} })
    else if (name.startsWith('study')) await loadGrpoSettings({ path })
    else if (name.startsWith('recipe')) await loadMiniRecipe({ path, seed: null })
    else parseMiniConfig({ value: parse(await readFile(path, 'utf8')), where: name })
  }
  expect(names).toEqual(expect.arrayContaining(['glyphs.yaml', 'base.yaml', 'sft.yaml', 'grpo.yaml']))
  const read = (name: string): Promise<string> => readFile(new URL(name, CONFIGS), 'utf8')
  expect(await read('tools-prompt.txt')).toBe(TOOLS_PROMPT)
  expect(await read('direct-prompt.txt')).toBe(DIRECT_PROMPT)
})
