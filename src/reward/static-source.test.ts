import { expect, test } from '@jest/globals'
import type { AnalyzableCall, StaticAnalysis, ToolAnalyzer } from '../core/tool-analysis.js'
import { staticSource } from './static-source.js'
import { trajectory } from './testing/trajectory.js'

/** Says the code back as the name of a tool; cannot read an empty one. */
const analyzer: ToolAnalyzer & { asked: AnalyzableCall[][] } = {
  asked: [],
  async analyze(calls) {
    this.asked.push([...calls])
    return calls.map(({ code }): StaticAnalysis => {
      const problem = code === '' ? ({ kind: 'raised', type: 'TypeError' } as const) : null
      return { transforms: [String(code)], cropBoxes: [], problem }
    })
  },
}

test('the calls of all trajectories are read at once, with their descriptions, and each trajectory gets its own', async () => {
  const problems: string[] = []
  const source = staticSource({ analyzer, onProblem: ({ kind }) => problems.push(kind) })
  const analyses = await source.analyse([
    trajectory({ calls: [{ code: 'a', description: 'first' }, { code: 'b' }] }),
    trajectory({}),
    trajectory({ calls: [{ code: 'c' }, { code: '' }] }),
  ])
  expect(analyses.map((calls) => calls.map(({ transforms }) => transforms.join()))).toEqual([
    ['a', 'b'],
    [],
    ['c', ''],
  ])
  expect(analyzer.asked).toEqual([
    [
      { code: 'a', description: 'first' },
      { code: 'b', description: '' },
      { code: 'c', description: '' },
      { code: '', description: '' },
    ],
  ])
  expect(problems).toEqual(['raised'])
})
