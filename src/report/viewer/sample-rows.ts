import type { Ending } from '../../core/sample.js'
import type { Transform } from '../../core/transform.js'
import type { SampleColumns, SampleRow } from '../report-data.js'

/** Columns as rows, in the natural order of the data set's own names (2 before 10), epochs of one task together. */
export function sampleRows(columns: SampleColumns): SampleRow[] {
  const word = (place: number | undefined): string => columns.words[place ?? -1] ?? ''
  const rows = columns.key.map((key, index): SampleRow => {
    const category = columns.category[index] ?? -1
    return {
      key,
      cluster: columns.cluster[index] ?? index,
      id: columns.id[index] ?? '',
      epoch: columns.epoch[index] ?? 0,
      transform: word(columns.transform[index]) as Transform,
      ending: word(columns.ending[index]) as Ending,
      category: category < 0 ? null : word(category),
      question: columns.question[index] ?? '',
      answers: columns.answers[index] ?? '',
      answer: columns.answer[index] ?? null,
      value: columns.value[index] ?? null,
      turns: columns.turns[index] ?? -1,
      calls: columns.calls[index] ?? 0,
      failedCalls: columns.failedCalls[index] ?? 0,
      isRecovered: columns.recovered[index] === 1,
      tools: (columns.tools[index] ?? []).map(word),
      totalMs: columns.totalMs[index] ?? 0,
      tokens: columns.tokens[index] ?? 0,
      chunk: columns.chunk[index] ?? 0,
      place: columns.place[index] ?? 0,
    }
  })
  const { compare } = new Intl.Collator('en', { numeric: true })
  return rows.sort((a, b) => compare(a.id, b.id) || a.epoch - b.epoch || compare(a.key, b.key))
}
