import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { closeAfter } from '../core/close-after.js'
import { EngineError, UsageError } from '../core/errors.js'
import { EXIT, reportFailure } from './report-failure.js'

let told: string[] = []
beforeEach(() => {
  told = []
  jest.spyOn(console, 'error').mockImplementation((line) => void told.push(String(line)))
})
afterEach(() => {
  jest.restoreAllMocks()
})

test('the first failure decides the exit code and comes first; what could not be closed follows', async () => {
  const failure: unknown = await closeAfter({
    work: () => Promise.reject(new UsageError('rows.parquet: expected rows, got none')),
    close: [() => Promise.reject(new EngineError('The torch engine is gone.'))],
  }).catch((error: unknown) => error)
  expect(reportFailure(failure)).toBe(EXIT.usage)
  expect(told).toEqual([
    'rows.parquet: expected rows, got none',
    'Besides, at the end: EngineError: The torch engine is gone.',
  ])
})

test('a failure alone is told alone', () => {
  expect(reportFailure(new EngineError('gone'))).toBe(EXIT.failed)
  expect(told).toEqual(['EngineError: gone'])
})
