import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import type { Sample } from '../../core/sample.js'
import { openScoredRun } from '../scored-run.js'
import { testSample, writeTestRun } from '../testing/samples.js'
import { exportRun, type ExportFormat } from './export-run.js'

async function exported({
  samples,
  format,
  ...rest
}: {
  samples: readonly Sample[]
  format: ExportFormat
} & Partial<Parameters<typeof exportRun>[0]>): Promise<string> {
  const path = await writeTestRun({ samples })
  const file = join(path, '../out')
  await exportRun({ scored: await openScoredRun({ path }), format, file, ...rest })
  return readFile(file, 'utf8')
}

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const rows = (text: string): Record<string, string>[] =>
  parse(text, { delimiter: '\t', columns: true, relax_quotes: false })

const hr = ['B', 'A'].map((answer, at) =>
  testSample({
    ...{ name: `${10 - at}`, suite: 'hrbench4k', question: 'Which colour?\n"Say" it.', answers: [answer] },
    ...{ options: ['red', 'blue'], category: 'single', cluster: 'q', metadata: { cycle_category: at } },
    ...{ outcome: at === 0 ? 'correct' : 'wrong', score: { answer: 'B' } },
  }),
)

test('VLMEvalKit: options, letter, prediction and category, in the order of the index, read back as they were', async () => {
  const text = await exported({ samples: hr, format: 'vlmevalkit' })
  expect(text.split('\n')[0]).toBe(
    'index\tquestion\tA\tB\tanswer\tprediction\tcategory\tcycle_category\ttransform',
  )
  expect(rows(text)).toEqual([
    {
      ...{
        index: '9',
        question: 'Which colour?\n"Say" it.',
        A: 'red',
        B: 'blue',
        answer: 'A',
        prediction: 'B',
      },
      ...{ category: 'single', cycle_category: '1', transform: 'none' },
    },
    expect.objectContaining({ index: '10', answer: 'B', prediction: 'B', cycle_category: '0' }),
  ])
})

test('VLMEvalKit: lists stand as Python writes them', async () => {
  const ocr = testSample({
    ...{ name: '3', suite: 'ocrbench', answers: ["it's", 'tab\there'], category: 'Doc-oriented VQA' },
    score: { answer: "it's" },
  })
  const [row] = rows(await exported({ samples: [ocr], format: 'vlmevalkit' }))
  expect(row).toMatchObject({ index: '3', answer: `["it's", 'tab\\there']`, category: 'Doc-oriented VQA' })
  const chart = testSample({
    ...{ name: '4', suite: 'chartqapro', answers: ['2019'], category: 'Factoid' },
    question: 'Which year?',
    metadata: { answer: ['2018', '2019'], year: ['NO', 'YES'] },
  })
  expect(rows(await exported({ samples: [chart], format: 'vlmevalkit' }))[0]).toMatchObject({
    ...{ question: "['Which year?']", answer: "['2018', '2019']", year: "['NO', 'YES']" },
    question_type: 'Factoid',
  })
})

test('lmms-eval: the fields that --log_samples writes, with the document its scorers read', async () => {
  const [second, first] = lines(await exported({ samples: hr, format: 'lmms-eval' }))
  expect(first).toEqual({
    ...{ doc_id: 10, target: 'B', filtered_resps: 'B', strict: 1, input: 'Which colour?\n"Say" it.' },
    resps: ['<think>I see.</think><answer>B</answer>'],
    token_counts: [{ input_tokens: 10, output_tokens: 5 }],
    doc_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    doc: {
      ...{ index: 10, question: 'Which colour?\n"Say" it.', answer: 'B', category: 'single' },
      ...{ A: 'red', B: 'blue', cycle_category: 0 },
    },
    ...{ transform: 'none', outcome: 'correct', sample_key: '10#0' },
  })
  expect(second).toMatchObject({ doc_id: 9, target: 'A', strict: 0 })
})

test('rows without a number are numbered in the order of their names, whatever finished first', async () => {
  const samples = ['a/10', 'a/9', 'b/1'].map((name) =>
    testSample({ name, suite: 'vstar', category: name.slice(0, 1) }),
  )
  const written = lines(await exported({ samples: samples.reverse(), format: 'lmms-eval' }))
  expect(written.map(({ doc_id, sample_key }) => [doc_id, sample_key])).toEqual([
    [0, 'a/9#0'],
    [1, 'a/10#0'],
    [2, 'b/1#0'],
  ])
})

test('rows with a name and a number are known by the number', async () => {
  const samples = [12, 7].map((index) => testSample({ name: `row-${index}`, metadata: { index } }))
  const written = rows(await exported({ samples, format: 'vlmevalkit' }))
  expect(written.map(({ index }) => index)).toEqual(['7', '12'])
})

test('rows that have a number keep it where others have none; those are numbered on behind them', async () => {
  const path = await writeTestRun({
    samples: ['extra/b', '7', 'extra/a', '3'].map((name) => testSample({ name })),
  })
  const file = join(path, '../out')
  const result = await exportRun({ scored: await openScoredRun({ path }), format: 'lmms-eval', file })
  expect(result).toEqual({ samples: 4, excluded: 0, otherEpochs: 0, unnumbered: { count: 2, first: 8 } })
  const written = lines(await readFile(file, 'utf8'))
  expect(written.map(({ doc_id, sample_key }) => [doc_id, sample_key])).toEqual([
    [3, '3#0'],
    [7, '7#0'],
    [8, 'extra/a#0'],
    [9, 'extra/b#0'],
  ])
})

test("a suite of one's own is exported as the benchmark whose scorer it names", async () => {
  const chart = testSample({
    ...{ name: '4', suite: 'my-charts', scorer: 'chartqapro', answers: ['2019'], category: 'Factoid' },
    ...{ question: 'Which year?', metadata: { answer: ['2018', '2019'], year: ['NO', 'YES'] } },
  })
  expect(rows(await exported({ samples: [chart], format: 'vlmevalkit' }))[0]).toMatchObject({
    ...{ question: "['Which year?']", answer: "['2018', '2019']", year: "['NO', 'YES']" },
    question_type: 'Factoid',
  })
  expect(lines(await exported({ samples: [chart], format: 'lmms-eval' }))[0]).toMatchObject({
    doc: { Question: ['Which year?'], 'Question Type': 'Factoid', Year: ['NO', 'YES'] },
  })
})

test('an answer that was not found is empty, failures of the machine are left out', async () => {
  const samples = [
    testSample({ name: '1', outcome: 'unparsed', score: { answer: null, rule: 'unparsed' } }),
    { ...testSample({ name: '2', outcome: 'model-error' }), trajectory: null, scores: {} },
  ]
  const path = await writeTestRun({ samples })
  const result = await exportRun({
    ...{ scored: await openScoredRun({ path }), format: 'vlmevalkit', file: join(path, '../out') },
  })
  expect(result).toEqual({ samples: 1, excluded: 1, otherEpochs: 0, unnumbered: null })
  expect(rows(await readFile(join(path, '../out'), 'utf8'))[0]).toMatchObject({ prediction: '', answer: '1' })
})

test('one epoch is written, and how many samples are of others is told', async () => {
  const path = await writeTestRun({ samples: [0, 1, 2].map((epoch) => testSample({ name: '1', epoch })) })
  const result = await exportRun({
    ...{ scored: await openScoredRun({ path }), format: 'lmms-eval', file: join(path, '../out'), epoch: 1 },
  })
  expect(result).toMatchObject({ samples: 1, otherEpochs: 2 })
  expect(lines(await readFile(join(path, '../out'), 'utf8'))[0]).toMatchObject({ sample_key: '1#1' })
})

test('several transformations of a row must be exported one at a time', async () => {
  const samples = (['none', 'rotate_90'] as const).map((transform) =>
    testSample({ name: transform, taskId: '7', transform }),
  )
  await expect(exported({ samples, format: 'lmms-eval' })).rejects.toThrow(UsageError)
  await expect(exported({ samples, format: 'lmms-eval' })).rejects.toThrow(/row 7 several times.*--transform/)
  expect(lines(await exported({ samples, format: 'lmms-eval', transform: 'rotate_90' }))).toHaveLength(1)
  await expect(exported({ samples, format: 'lmms-eval', epoch: 3 })).rejects.toThrow(/of epoch 3, got none/)
})
