import { afterAll, expect, test } from '@jest/globals'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreError } from '../core/errors.js'
import { appendLine, readLines } from './lines.js'

const folder = await mkdtemp(join(tmpdir(), 'codevision-lines-'))
afterAll(() => rm(folder, { recursive: true }))

test('what was appended is read again; a file that is not there is empty', async () => {
  const path = join(folder, 'a.jsonl')
  expect(await readLines(path)).toEqual([])
  await appendLine({ path, value: { a: 'ü\n' } })
  await appendLine({ path, value: 2 })
  expect(await readLines(path)).toEqual([{ a: 'ü\n' }, 2])
})

test('half a line of a killed process takes no other line with it', async () => {
  const path = join(folder, 'b.jsonl')
  await appendLine({ path, value: 1 })
  await appendFile(path, '\n{"calls": 1')
  await appendLine({ path, value: 3 })
  expect(await readLines(path)).toEqual([1, 3])
})

test('a full disk is an error of the store', async () => {
  await expect(appendLine({ path: '/dev/full', value: 1 })).rejects.toThrow(StoreError)
})
