import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import { openScoredRun } from '../../evaluation/scored-run.js'
import { testSample, writeTestRun } from '../../evaluation/testing/samples.js'
import { comparePaper } from './paper-comparison.js'
import { paperRow, type PaperFigures } from './paper-row.js'
import { paperSetup } from './paper-setup.js'
import { renderPaperTable } from './paper-table.js'

const FIGURES: PaperFigures[] = [
  { model: 'Qwen2.5-VL-7B', tools: false, accuracy: { overall: 18.1 } },
  { model: 'CodeVision-7B', tools: true, accuracy: { overall: 60.1 } },
  { model: 'Qwen3-VL-8B-Thinking', tools: false, accuracy: { overall: 19.7 } },
]
const AGENT = {
  ...{ prompt: 'hash', tools: [], parsing: 'robust', feedback: 'standard' },
  ...{ view: { minPixels: 784, maxPixels: 6_422_528 }, limits: { turns: 12, totalTokens: 32_768 } },
}

test.each([
  ['Qwen/Qwen2.5-VL-7B-Instruct', 'Qwen2.5-VL-7B'],
  ['/models/codevision_7b', 'CodeVision-7B'],
  ['qwen3-vl-8b-thinking-fp8', 'Qwen3-VL-8B-Thinking'],
  ['Qwen/Qwen2.5-VL-72B-Instruct', undefined],
  ['Qwen/Qwen3-VL-8B-Instruct', undefined],
])('the row of %s is guessed as %s', (model, expected) => {
  expect(paperRow({ named: null, model, figures: FIGURES })?.figures.model).toBe(expected)
})

test('a row that the configuration names wins, and must be there', () => {
  const row = paperRow({ named: 'codevision-7b', model: 'Qwen/Qwen2.5-VL-7B-Instruct', figures: FIGURES })
  expect(row).toMatchObject({ figures: { model: 'CodeVision-7B' }, by: 'configuration' })
  const wrong = () => paperRow({ named: 'CodeVision-9B', model: 'm', figures: FIGURES })
  expect(wrong).toThrow(UsageError)
  expect(wrong).toThrow(/expected one of Qwen2\.5-VL-7B, .*got "CodeVision-9B"/)
})

async function mvtoolbench(config: Parameters<typeof writeTestRun>[0]['config'] = {}) {
  const samples = TRANSFORMS.slice(1).flatMap((transform) =>
    [0, 1, 2, 3].map((index) =>
      testSample({ name: `${transform}${index}`, transform, outcome: index === 0 ? 'correct' : 'wrong' }),
    ),
  )
  const head = {
    ...{ suite: 'mvtoolbench', policy: { name: 'openai', model: 'Qwen/Qwen2.5-VL-7B-Instruct' } },
    ...{ scoring: 'codevision', judge: 'wise', planned: 24 },
  }
  return openScoredRun({ path: await writeTestRun({ samples, head, identity: { agent: AGENT }, config }) })
}

test('every transformation stands on its own, the average beside the paper’s', async () => {
  const comparison = await comparePaper(await mvtoolbench())
  expect(comparison).toMatchObject({
    row: { model: 'Qwen2.5-VL-7B', tools: false, by: 'guess' },
    ...{ isComplete: false, scored: 20, planned: 24 },
  })
  expect(comparison.cells.map(({ figure, paper, ours, n }) => [figure, paper, ours, n])).toEqual([
    ...TRANSFORMS.slice(1).map((figure) => [figure, null, 0.25, 4]),
    ['overall', 18.1 / 100, 0.25, 20],
  ])
  expect(comparison.cells.at(-1)?.difference).toBeCloseTo(0.069, 12)
  const text = renderPaperTable({ comparisons: [comparison], format: 'text' })
  expect(text).toMatch(
    /^mvtoolbench · Qwen\/Qwen2\.5-VL-7B-Instruct \(run\) beside the paper's Qwen2\.5-VL-7B without tools, guessed/,
  )
  expect(text).toMatch(/\nRot90 +– +25\.0 % .* – +4\n/)
  expect(text).toMatch(/\naverage +18\.1 % +25\.0 % +\d.* \+6\.9 +20\n/)
  expect(text).toMatch(/Incomplete: 20 of 24 samples scored\./)
  expect(text).toMatch(
    / {2}= tools: .*\n {2}\? prompt: .*\n {2}= resolution: .*\n {2}\? limits: .*\n {2}\? sampling: .*\n {2}= scoring: codevision, judge wise/,
  )
})

test.each(['gpt-4o', 'a-model-of-mine'])(
  'what the paper averages over six orientations is not told of %s in one of them, though its row has no columns',
  async (model) => {
    const samples = TRANSFORMS.map((transform) => testSample({ name: transform, transform }))
    const overallOf = async (some: typeof samples) => {
      const head = { suite: 'ocrbench', policy: { name: 'openai', model }, planned: some.length }
      const path = await writeTestRun({ samples: some, head, identity: { agent: AGENT } })
      return (await comparePaper(await openScoredRun({ path }))).cells.at(-1)
    }
    expect(await overallOf(samples)).toMatchObject({ figure: 'overall', ours: 1 })
    expect(await overallOf(samples.slice(0, 1))).toMatchObject({ ours: null, difference: null })
  },
)

test('as Markdown it is a table', async () => {
  const comparison = await comparePaper(await mvtoolbench({ paperRow: 'CodeVision-7B' }))
  const text = renderPaperTable({ comparisons: [comparison], format: 'markdown' })
  expect(text).toMatch(
    /^### mvtoolbench .* beside the paper's CodeVision-7B with tools, as the configuration says\n/,
  )
  expect(text).toMatch(/\n\|  \| paper \| ours .*\n\| --- \| ---: .*\n\| Rot90 \| – \| 25\.0 % \|/)
  expect(text).toMatch(/\n\| average \| 60\.1 % \| 25\.0 % \| .* \| −35\.1 \| 20 \|\n/)
  expect(text).toMatch(/\n- ≠ tools: without here, with there\n/)
})

test('a suite of the user’s own has our figures alone', async () => {
  const path = await writeTestRun({ samples: [testSample({ name: 'a' })] })
  const comparison = await comparePaper(await openScoredRun({ path }))
  expect(comparison).toMatchObject({ row: null, setup: [] })
  expect(comparison.cells.map(({ figure, paper, ours }) => [figure, paper, ours])).toEqual([
    ['none', null, 1],
    ['overall', null, 1],
  ])
  expect(renderPaperTable({ comparisons: [comparison], format: 'text' })).toContain(
    'the paper has no row for it',
  )
})

test('what differs from the release is told line by line', () => {
  const tools = FIGURES[1] as PaperFigures
  const setup = (agent: object, config: Record<string, never> | { agent: { systemPrompt: string } } = {}) =>
    paperSetup({
      manifest: { identity: { agent: { ...AGENT, tools: ['code_image_tool'], ...agent } }, config },
      head: { scoring: 'strict', judge: 'none' },
      figures: tools,
    }).map(({ what, status }) => `${what} ${status}`)
  expect(setup({})).toEqual([
    ...[
      'tools same',
      'prompt differs',
      'resolution same',
      'limits same',
      'sampling unknown',
      'scoring differs',
    ],
  ])
  expect(setup({ view: { minPixels: 784, maxPixels: 1000 }, limits: { turns: 5 } })).toEqual(
    expect.arrayContaining(['resolution differs', 'limits differs']),
  )
  expect(setup({}, { agent: { systemPrompt: 'prompt.txt' } })).toContain('prompt unknown')
  const official = paperSetup({
    manifest: { identity: {}, config: {} },
    head: { scoring: 'official', judge: 'none' },
    figures: tools,
  })
  expect(official.at(-1)).toMatchObject({ what: 'scoring', status: 'unknown' })
})
