import { pythonRepr } from '../../core/python/repr.js'
import type { PythonJson } from '../../core/python/json.js'
import { scorerOf } from '../summary/scorer-of.js'
import type { IndexedSample } from './exported-sample.js'

/**
 * Samples as the rows of a VLMEvalKit prediction file: the data set's columns and `prediction`; the header first. Lists stand as Python writes them, since its scorers read them
 * with `eval` (OCRBench: `answer`; ChartQAPro: `question`, `answer`, `year`). Columns that no row has are left out.
 */
export function vlmEvalKitRows(samples: readonly IndexedSample[]): string[][] {
  const rows = samples.map(columnsOf)
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const ordered = [
    ...LEADING.filter((name) => names.includes(name)),
    ...names.filter((name) => !LEADING.includes(name)),
  ]
  return [ordered, ...rows.map((row) => ordered.map((name) => row[name] ?? ''))]
}

const LEADING = ['index', 'question', 'A', 'B', 'C', 'D', 'answer', 'prediction', 'category']

function columnsOf({ sample, index, prediction, options, letter }: IndexedSample): Record<string, string> {
  const { question, answers, category, transform, metadata = {} } = sample
  const scorer = scorerOf(sample)
  const isChart = scorer === 'chartqapro'
  const isListed = isChart || scorer === 'ocrbench'
  const allAnswers = metadata['answer'] ?? answers
  return {
    index: String(index),
    question: isChart ? python([question]) : question,
    ...options,
    answer: isChart ? python(allAnswers) : isListed ? python(answers) : (letter ?? answers[0] ?? ''),
    prediction,
    ...(category !== undefined && (isChart ? { question_type: category } : { category })),
    ...(isChart && { year: python(metadata['year'] ?? []) }),
    ...(metadata['cycle_category'] !== undefined && { cycle_category: textOf(metadata['cycle_category']) }),
    transform,
  }
}

function python(value: unknown): string {
  return pythonRepr(value as PythonJson)
}

function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value)
}
