import { basename, dirname, resolve } from 'node:path'
import { UsageError } from '../core/errors.js'
import type { ParityResult, ParitySet } from './parity-set.js'
import { readCases } from './read-cases.js'
import { reportLines } from './report.js'

/**
 * Answer every file of known answers and print one line a set; a set's name is its file's name up to the first dot.
 * @returns whether every case of every known set agrees; unknown sets are named as skipped.
 * @throws {UsageError} if no file is given, or one cannot be read.
 */
export async function runParity({
  files,
  sets,
  print,
}: {
  files: readonly string[]
  sets: readonly ParitySet[]
  print: (line: string) => void
}): Promise<boolean> {
  if (files.length === 0) {
    throw new UsageError('Expected files of known answers, got none: npm run parity -- FILE...')
  }
  // All files are read first: a path that is wrong should not cost the time of the sets before it.
  const jobs = await Promise.all(files.map(async (file) => ({ file, cases: await readCases(file) })))
  let agrees = true
  for (const { file, cases } of jobs) {
    const name = basename(file).split('.')[0] ?? ''
    const set = sets.find((candidate) => candidate.name === name)
    if (set === undefined) {
      print(`${name} skipped (no such set here)`)
      continue
    }
    const results: ParityResult[] = []
    for await (const result of set.run(cases, { directory: dirname(resolve(file)) })) results.push(result)
    agrees &&= results.every((result) => result.pass)
    for (const line of reportLines({ name, results })) print(line)
  }
  return agrees
}
