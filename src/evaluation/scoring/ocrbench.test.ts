import { expect, test } from '@jest/globals'
import { PythonError } from '../../core/python/error.js'
import { scoreOcrbench, type OcrbenchParameters } from './ocrbench.js'

const PROFILES = ['official', 'vlmevalkit', 'lmms_eval'] as const

function hits(row: Partial<OcrbenchParameters>): unknown[] {
  return PROFILES.map((profile) => {
    try {
      const score = scoreOcrbench({
        profile,
        prediction: '',
        answers: [],
        datasetName: 'svt',
        category: 'Doc-oriented VQA',
        ...row,
      })
      return 'hit' in score ? score.hit : 'skipped'
    } catch (error) {
      if (error instanceof PythonError) return error.className
      throw error
    }
  })
}

test('an answer that is part of the prediction is a hit, whatever its case and lines', () => {
  expect(hits({ prediction: 'It reads: CENTRE\nPARK.', answers: ['no', ' centre park'] })).toEqual([1, 1, 1])
  expect(hits({ prediction: 'center', answers: ['centre'] })).toEqual([0, 0, 0])
})

test('formulas keep their case and lose their blanks, and who decides what is one differs', () => {
  const formula = { prediction: 'E = m c ^ 2', answers: ['E=mc^2'] }
  const category = 'Handwritten Mathematical Expression Recognition'
  expect(hits({ ...formula, datasetName: 'HME100k', category })).toEqual([1, 1, 1])
  expect(hits({ ...formula, datasetName: 'HME100k' })).toEqual([1, 0, 1])
  expect(hits({ ...formula, category })).toEqual([0, 1, 0])
  expect(hits({ ...formula, category, datasetName: null })).toEqual([1, 1, 1])
  expect(hits({ prediction: 'e=mc^2', answers: ['E=mc^2'], datasetName: 'HME100k', category })).toEqual([
    0, 0, 0,
  ])
})

test('halves of a character that meet when blanks go are still two', () => {
  const row = { datasetName: 'HME100k', category: 'Handwritten Mathematical Expression Recognition' }
  expect(hits({ ...row, prediction: 'x\ud83d \ude00', answers: ['\ude00'] })).toEqual([1, 1, 1])
  expect(hits({ ...row, prediction: 'x😀', answers: ['\ude00'] })).toEqual([0, 0, 0])
})

test('only lmms-eval folds characters of full width', () => {
  expect(hits({ prediction: 'ＡＢ１　ｃ', answers: ['ab1 c'] })).toEqual([0, 0, 1])
})

test('a lone text is one answer, but characters to VLMEvalKit', () => {
  expect(hits({ prediction: 'b', answers: 'ab' })).toEqual([0, 1, 0])
})

test('where the reference raises, its class is told', () => {
  expect(hits({ prediction: '5', answers: [5n] })).toEqual(['AttributeError', 'AttributeError', 'TypeError'])
  expect(hits({ prediction: 0n, answers: ['x'] })).toEqual(['skipped', 0, 'AttributeError'])
  expect(hits({ prediction: 'x', answers: ['x'], category: 'Other' })).toEqual([1, 'KeyError', 1])
})
