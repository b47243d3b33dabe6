import { textOf } from '../../core/message.js'
import type { Sample, Score } from '../../core/sample.js'

/** What an outside tool is given of a sample. */
export interface ExportedSample {
  sample: Sample
  score: Score | null
  /** The data set's own number of the row; null where it does not number its rows. */
  number: number | null
  /** What was taken as the answer; empty where none was found. */
  prediction: string
  /** The whole last turn; empty where there is none. */
  response: string
  /** A, B … with their texts; empty for an open question. */
  options: Readonly<Record<string, string>>
  /** Letter of the accepted option; null for an open question. */
  letter: string | null
}

/** One with the number by which the other tool knows its row. */
export type IndexedSample = ExportedSample & { index: number }

/** What of a sample the formats tell. */
export function exportedSample(sample: Sample): ExportedSample {
  const [score = null] = Object.values(sample.scores)
  const last = sample.trajectory?.messages.findLast(({ role }) => role === 'assistant')
  const options = Object.fromEntries(
    (sample.options ?? []).map((text, at) => [String.fromCharCode(65 + at), text]),
  )
  return {
    sample,
    score,
    number: numberOf(sample),
    prediction: score?.answer ?? '',
    response: last === undefined ? '' : textOf(last),
    options,
    letter: letterOf({ answers: sample.answers, options }),
  }
}

/** An orientation that was made of a row has the row's number. */
function numberOf({ metadata, taskId, transform }: Sample): number | null {
  const row = taskId.endsWith(`:${transform}`) ? taskId.slice(0, -`:${transform}`.length) : taskId
  for (const value of [metadata?.index, row]) {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return value
    if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value)
  }
  return null
}

function letterOf({
  answers,
  options,
}: {
  answers: readonly string[]
  options: Readonly<Record<string, string>>
}): string | null {
  const letters = Object.keys(options)
  return (
    letters.find((letter) => answers.includes(letter)) ??
    letters.find((letter) => answers.includes(options[letter] ?? '')) ??
    null
  )
}
