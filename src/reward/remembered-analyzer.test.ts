import { expect, test } from '@jest/globals'
import type { AnalyzableCall, StaticAnalysis, ToolAnalyzer } from '../core/tool-analysis.js'
import { rememberedAnalyzer } from './remembered-analyzer.js'

/** Says the code back as the name of a tool, and writes down what it was asked. */
function echo(problemOf: (code: string) => StaticAnalysis['problem'] = () => null): {
  analyzer: ToolAnalyzer
  asked: (string | null)[][]
} {
  const asked: (string | null)[][] = []
  const analyze = async (calls: readonly AnalyzableCall[]): Promise<StaticAnalysis[]> => {
    asked.push(calls.map(({ code }) => code))
    return calls.map(({ code, description }) => ({
      transforms: [`${code} ${String(description)}`],
      cropBoxes: [],
      problem: problemOf(code ?? ''),
    }))
  }
  return { analyzer: { analyze }, asked }
}

const names = (analyses: readonly StaticAnalysis[]): string[] =>
  analyses.map(({ transforms }) => transforms.join())

test('a text is read once, and each call gets its own analysis in its place', async () => {
  const { analyzer, asked } = echo()
  const remembered = rememberedAnalyzer(analyzer)
  const [a, b] = [{ code: 'a' }, { code: 'b' }]
  expect(names(await remembered.analyze([a, b, a]))).toEqual(['a undefined', 'b undefined', 'a undefined'])
  const c = { code: 'c' }
  expect(names(await remembered.analyze([c, b]))).toEqual(['c undefined', 'b undefined'])
  expect(asked).toEqual([['a', 'b'], ['c']])
})

test('the description is part of the text', async () => {
  const { analyzer } = echo()
  const remembered = rememberedAnalyzer(analyzer)
  const calls = [{ code: 'a', description: 'x' }, { code: 'a', description: 'y' }, { code: 'a' }]
  expect(names(await remembered.analyze(calls))).toEqual(['a x', 'a y', 'a undefined'])
})

test('what may end otherwise the next time is read again', async () => {
  const { analyzer, asked } = echo((code) => (code === 'slow' ? { kind: 'timeout', message: '' } : null))
  const remembered = rememberedAnalyzer(analyzer)
  const slow = { code: 'slow' }
  expect(names(await remembered.analyze([slow]))).toEqual(['slow undefined'])
  expect(names(await remembered.analyze([slow, { code: 'a' }]))).toEqual(['slow undefined', 'a undefined'])
  expect(asked).toEqual([['slow'], ['slow', 'a']])
})

test('the texts that came last are kept', async () => {
  const { analyzer, asked } = echo()
  const remembered = rememberedAnalyzer(analyzer, { mostTexts: 2 })
  for (const code of ['a', 'b', 'a', 'c', 'a', 'b']) await remembered.analyze([{ code }])
  expect(asked.flat()).toEqual(['a', 'b', 'c', 'b'])
})
