import { scorerOf } from '../summary/scorer-of.js'
import type { IndexedSample } from './exported-sample.js'

type Columns = Readonly<Record<string, unknown>>

/**
 * Columns of a row as its benchmark names them on the hub, so that the benchmark's scorer finds what it reads; what the row itself has of them stands (`metadata`).
 * Fields as in lmms-eval 0.7.3, tasks ocrbench, hrbench, vstar_bench and chartqapro.
 */
export function benchmarkColumns(exported: IndexedSample): Columns {
  const { sample, index } = exported
  return { index, ...derivedColumns(exported), ...sample.metadata }
}

function derivedColumns({ sample, options, letter }: IndexedSample): Columns {
  const { question, answers, category, metadata = {} } = sample
  const scorer = scorerOf(sample)
  const kind = category === undefined ? {} : { category }
  if (scorer === 'ocrbench')
    return {
      question,
      answer: answers,
      ...(category !== undefined && { question_type: category }),
      dataset: metadata['dataset_name'] ?? '',
    }
  if (scorer === 'chartqapro')
    return {
      Question: [question],
      Answer: metadata['answer'] ?? answers,
      Year: metadata['year'] ?? [],
      ...(category !== undefined && { 'Question Type': category }),
    }
  if (scorer === 'vstar') return { text: question, label: letter ?? answers[0], ...kind }
  return { question, answer: letter ?? answers[0], ...(letter === null && { answers }), ...kind, ...options }
}
