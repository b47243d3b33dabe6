import type { Sample } from '../../core/sample.js'
import type { Transform } from '../../core/transform.js'

/** A sample that earned more in one run than in the other: right in one and wrong in the other, unless the scoring gives partial credit. */
export interface Flip {
  key: string
  /** The data set's own name of the row. */
  taskId: string
  transform: Transform
  category: string | null
  question: string
  /** The accepted answers. */
  answers: readonly string[]
  a: FlippedAnswer
  b: FlippedAnswer
}

export interface FlippedAnswer {
  /** What was taken as the answer; null where none was found. */
  answer: string | null
  outcome: string
  /** What it earned, from 0 to 1. */
  credit: number
  /** The trajectory in the report of its run (`codevision report RUN` makes it). */
  link: string
}

/** What is kept of a sample until its partner comes. */
export function flippedAnswer({
  sample: { key, outcome, scores },
  credit,
  runPath,
}: {
  sample: Pick<Sample, 'key' | 'outcome' | 'scores'>
  credit: number
  runPath: string
}): FlippedAnswer {
  const [score] = Object.values(scores)
  return {
    answer: score?.answer ?? null,
    outcome,
    credit,
    link: `${runPath}/report.html#sample=${encodeURIComponent(key)}`,
  }
}
