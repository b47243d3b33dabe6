import { expect, test } from '@jest/globals'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { whereNoPythonEnvironment } from './python-environment.js'

test('where the Python environment is not says which variables have decided that', () => {
  const own = join(homedir(), '.cache/codevision/python')
  expect(whereNoPythonEnvironment({})).toBe(`in ${own}`)
  expect(whereNoPythonEnvironment({ CODEVISION_CACHE: '/mnt/cache' })).toBe(
    'in /mnt/cache/python (CODEVISION_CACHE)',
  )
  expect(whereNoPythonEnvironment({ PYTHON: '/opt/python3.11' })).toBe(
    `in ${own} for /opt/python3.11 (PYTHON)`,
  )
})
