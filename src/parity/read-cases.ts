import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { UsageError } from '../core/errors.js'
import type { ParityCase } from './parity-set.js'

const line = z.object({ id: z.string(), input: z.unknown(), expected: z.unknown() })

/**
 * Read a file of known answers: one JSON object `{id, input, expected}` a line. Lines end at \n only, since strings may hold every other
 * line separator.
 * @throws {UsageError} if the file cannot be read, or a line is not such an object.
 */
export async function readCases(path: string): Promise<ParityCase[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`Cannot read ${path}: give the path of a JSON Lines file of known answers.`, {
      cause,
    })
  })
  return text
    .split('\n')
    .flatMap((source, index) =>
      source.trim() === '' ? [] : [readCase(source, `${path}, line ${index + 1}`)],
    )
}

function readCase(source: string, place: string): ParityCase {
  try {
    return { ...line.parse(JSON.parse(source)), source }
  } catch (cause) {
    throw new UsageError(`${place}: expected a JSON object with id, input and expected.`, { cause })
  }
}
