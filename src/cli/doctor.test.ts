import { expect, test } from '@jest/globals'
import { commandLine } from './command-line.js'
import { toText } from './doctor.js'

test('a fix starts the program as it was started, in a sentence too', () => {
  const missing = (fix: string) => ({
    name: 'python',
    status: 'missing' as const,
    detail: 'is not here',
    fix,
  })
  const text = toText({
    findings: [missing('then: codevision setup python'), missing('Install docker.')],
    runtimes: [],
  })
  expect(text).toContain(`fix: then: ${commandLine(['setup', 'python'])}\n`)
  expect(text).toContain('fix: Install docker.\n')
  expect(text).toContain(`or try: ${commandLine(['setup'])}`)
  expect(commandLine([])).not.toBe('codevision')
})
