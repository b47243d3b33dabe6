import type { ParityResult } from './parity-set.js'

/** A difference is printed up to this many characters; some cases are whole documents. */
const MAX_PRINTED = 2000

/** What is printed for one set: `NAME passed/total`, then every case that differs. */
export function reportLines({ name, results }: { name: string; results: readonly ParityResult[] }): string[] {
  const differing = results.filter((result) => !result.pass)
  return [
    `${name} ${results.length - differing.length}/${results.length}`,
    ...differing.flatMap(({ id, expected, got }) => [
      `  ${id}`,
      `    expected ${printed(expected)}`,
      `    got      ${printed(got)}`,
    ]),
  ]
}

function printed(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length <= MAX_PRINTED ? text : `${text.slice(0, MAX_PRINTED)}… (${text.length} characters)`
}
