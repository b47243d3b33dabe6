import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import type { HostTool } from '../../core/host-tool.js'
import { checkTools } from './check-tools.js'
import { describeForWorker } from './described-tool.js'

const read: HostTool = { parameters: { image: 'image' }, result: 'string', call: async () => '' }

describe('checkTools', () => {
  test('fills in what is left out', () => {
    const [tool] = checkTools({ read })
    expect(tool).toMatchObject({
      name: 'read',
      description: '',
      parameters: { image: { type: 'image', optional: false } },
      limits: { maxCalls: 20, maxPerMinute: 600, timeoutMs: 5_000, maxBytes: 64 * 2 ** 20 },
    })
    expect(tool?.tool).toBe(read)
  })

  test.each([
    [
      'a name of capitals',
      { Read: read },
      '`Read`: expected lower-case letters, digits and _ (at most 40), a letter first, got "Read"',
    ],
    ['a name that Python keeps for itself', { lambda: read }, 'no keyword of Python'],
    ['a name with underscores before it', { __init__: read }, 'lower-case letters'],
    [
      'a parameter that Python keeps for itself',
      { read: { ...read, parameters: { in: 'image' } } },
      'keyword',
    ],
    [
      'a type that there is not',
      { read: { ...read, parameters: { image: 'picture' } } },
      '`read.parameters.image`',
    ],
    ['a choice of nothing', { read: { ...read, parameters: { a: { type: 'choice', choices: [] } } } }, 'a'],
    [
      'a parameter that must be given behind one that need not',
      { read: { ...read, parameters: { a: { type: 'string', optional: true }, b: 'string' } } },
      'behind those that may not',
    ],
    ['a result that there is not', { read: { ...read, result: 'list' } }, '`read.result`'],
    [
      'a limit of nothing',
      { read: { ...read, limits: { maxCalls: 0 } } },
      '`read.limits.maxCalls`: expected a number above 0, got 0',
    ],
    ['an unknown limit', { read: { ...read, limits: { maxCost: 1 } } }, 'maxCost'],
    [
      'nothing to call',
      { read: { ...read, call: undefined } },
      '`read.call` is missing; expected a function',
    ],
  ])('refuses %s', (_, tools, words) => {
    const check = (): unknown => checkTools(tools as never)
    expect(check).toThrow(UsageError)
    expect(check).toThrow(words)
  })
})

test('a worker knows the name and form of a tool, and nothing of where it leads', () => {
  const [tool] = checkTools({
    read: {
      ...read,
      parameters: { image: 'image', how: { type: 'choice', choices: ['a'], optional: true } },
    },
  })
  expect(tool && describeForWorker(tool)).toEqual({
    ...{ name: 'read', description: '', max_calls: 20, max_bytes: 64 * 2 ** 20 },
    parameters: [
      { name: 'image', type: 'image', optional: false, choices: [] },
      { name: 'how', type: 'choice', optional: true, choices: ['a'] },
    ],
  })
})
