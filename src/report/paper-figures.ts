import { UsageError } from '../core/errors.js'
import { readSuiteDefinition, type SuiteDefinition } from '../data/suite-definition.js'

/** Rows of the paper's tables for a suite by its name; empty for one that this package does not describe. */
export async function paperFigures(suite: string): Promise<SuiteDefinition['figures']> {
  if (!/^[\w.-]+$/.test(suite) || /\.ya?ml$/.test(suite)) return []
  try {
    return (await readSuiteDefinition(suite)).figures
  } catch (cause) {
    if (cause instanceof UsageError) return [] // a file of the user's, or a suite of another version
    throw cause
  }
}
