import { expect, test } from '@jest/globals'
import { runNames } from './run-names.js'

test('runs are named by their folders, and by those above where that does not tell them apart', () => {
  expect(runNames(['/runs/base', '/runs/trained/'])).toEqual(['base', 'trained'])
  expect(runNames(['/one/eval', '/two/eval', '/two/demo'])).toEqual(['one/eval', 'two/eval', 'two/demo'])
  expect(runNames(['/runs/a/x/eval', '/runs/b/x/eval'])).toEqual(['a/x/eval', 'b/x/eval'])
  expect(runNames(['/eval', '/runs/eval'])).toEqual(['eval', 'runs/eval'])
  expect(runNames(['/eval', '/eval'])).toEqual(['eval', 'eval'])
})
