import { isDeepStrictEqual } from 'node:util'

/** One line of a file of known answers. */
export interface ParityCase {
  id: string
  input: unknown
  expected: unknown
  /** The line itself, for sets in which 1 and 1.0 are not the same. */
  source: string
}

export interface ParityResult {
  id: string
  expected: unknown
  got: unknown
  pass: boolean
}

/** A set of known answers and how this project answers it. */
export interface ParitySet {
  /** The file name up to its first dot. */
  name: string
  /** `directory`: where the file lies; paths inside cases are relative to it. */
  run(cases: readonly ParityCase[], context: { directory: string }): AsyncIterable<ParityResult>
}

/** A set whose cases are answered one by one by a pure function, and compared as JSON. What the function throws is a difference. */
export function pureParitySet({
  name,
  answer,
}: {
  name: string
  answer: (input: unknown) => unknown
}): ParitySet {
  return {
    name,
    async *run(cases) {
      for (const { id, input, expected } of cases) {
        const got = answerOrError(answer, input)
        yield { id, expected, got, pass: isDeepStrictEqual(got, expected) }
      }
    },
  }
}

function answerOrError(answer: (input: unknown) => unknown, input: unknown): unknown {
  try {
    return answer(input)
  } catch (error) {
    return { thrown: String(error) }
  }
}
