import type { SampleRow } from '../report-data.js'

let rows = 0

/** A row of a list for tests, alone in its cluster; `changes` replace its fields. */
export function sampleRow(changes: Partial<SampleRow>): SampleRow {
  return {
    ...{ key: 'k', cluster: rows++, id: '1', epoch: 0, transform: 'none', ending: 'correct', category: null },
    ...{ question: '', answers: '', answer: null, value: 1, turns: 1, calls: 0, failedCalls: 0 },
    ...{ isRecovered: false, tools: [], totalMs: 0, tokens: 0, chunk: 0, place: 0 },
    ...changes,
  }
}
