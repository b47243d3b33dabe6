import { basename } from 'node:path'
import { UsageError } from '../core/errors.js'
import { readSuiteDefinition } from '../data/suite-definition.js'
import type { Recipe } from './recipe.js'

/** The first benchmark of a recipe's evaluation that is a suite here; null where none is. */
export async function evaluatedSuite({ evaluation, training }: Recipe): Promise<string | null> {
  for (const part of [evaluation, training]) {
    const files = part.isFound ? String(part.value.overrides.get('data.val_files') ?? '') : ''
    for (const [file] of files.matchAll(/[\w./-]+\.parquet/g)) {
      const name = basename(file, '.parquet')
      if (await isSuite(name)) return name
    }
  }
  return null
}

async function isSuite(name: string): Promise<boolean> {
  try {
    await readSuiteDefinition(name)
    return true
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}
