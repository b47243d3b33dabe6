import { isDeepStrictEqual } from 'node:util'

/** One line of a file of known answers. */
export interface ParityCase {
  id: string
  input: unknown
  expected: unknown
  /** The line as it stands in the file, for readers that tell 5 from 5.0. */
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

/**
 * A set whose cases are answered one by one by a pure function, and compared as JSON, or as `same` says. What the function throws is a difference.
 */
export function pureParitySet({
  name,
  answer,
  same = isDeepStrictEqual,
}: {
  name: string
  answer: (input: unknown, source: string) => unknown
  same?: (got: unknown, expected: unknown) => boolean
}): ParitySet {
  return {
    name,
    async *run(cases) {
      for (const { id, input, expected, source } of cases) {
        const got = answerOrError(() => answer(input, source))
        yield { id, expected, got, pass: same(got, expected) }
      }
    },
  }
}

function answerOrError(answer: () => unknown): unknown {
  try {
    return answer()
  } catch (error) {
    return { thrown: String(error) }
  }
}
