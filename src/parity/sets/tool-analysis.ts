import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { parsePythonJson, type PythonJson } from '../../core/python/json.js'
import type { AnalyzableCall, StaticAnalysis } from '../../core/tool-analysis.js'
import { openSandboxPool } from '../../wiring.js'
import { chosenRuntime } from '../chosen-runtime.js'
import type { ParityCase, ParitySet } from '../parity-set.js'

const input = z.object({ code: z.string().nullable() })

/** What a call seems to do, read from its text in the contained sandbox; with the text of descriptions that are objects, and without it. */
export const toolAnalysis: ParitySet = {
  name: 'tool_analysis',
  async *run(cases) {
    const sandbox = await openSandboxPool({ runtime: chosenRuntime() })
    try {
      const calls = cases.map(callOf)
      const heuristic = await sandbox.analyze(calls, { readsObjects: true })
      const analyses = await sandbox.analyze(calls)
      for (const [index, { id, expected }] of cases.entries()) {
        const got = { heuristic_parse: comparable(heuristic[index]), analyze: comparable(analyses[index]) }
        yield { id, expected, got, pass: isDeepStrictEqual(got, expected) }
      }
    } finally {
      await sandbox.close()
    }
  },
}

function callOf({ input: given, source }: ParityCase): AnalyzableCall {
  return { code: input.parse(given).code, description: descriptionIn(source) }
}

/** As Python reads it: a description that is a number, or holds some, is looked through as Python prints it. */
function descriptionIn(source: string): PythonJson {
  const line = parsePythonJson(source)
  const given = line instanceof Map ? line.get('input') : undefined
  return (given instanceof Map ? given.get('description') : undefined) ?? null
}

function comparable(analysis: StaticAnalysis | undefined): unknown {
  if (analysis === undefined) return undefined
  const { transforms, cropBoxes, problem } = analysis
  if (problem !== null) return { error: problem.kind === 'raised' ? problem.type : problem.kind }
  return { transforms, crop_boxes: cropBoxes.map((box) => box.map(word)) }
}

/** Numbers that JSON cannot hold are words in the vectors. */
function word(edge: number): number | string {
  return Number.isFinite(edge) ? edge : String(edge)
}
