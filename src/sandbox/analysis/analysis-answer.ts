import { z } from 'zod'
import type { StaticAnalysis } from '../../core/tool-analysis.js'

const name = z.string().max(40)

/** What JSON cannot hold comes as a word. */
const edge = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)])

const answer = z.union([
  z.object({
    transforms: z.array(name).max(100),
    crop_boxes: z.array(z.tuple([edge, edge, edge, edge])),
  }),
  z.object({ raised: name }),
])

/** What the worker answers to a list of calls; undefined where it has not the form. The host is not believed. */
export function readAnalyses(answers: unknown, count: number): StaticAnalysis[] | undefined {
  const read = z.array(answer).length(count).safeParse(answers)
  return read.success ? read.data.map(analysisOf) : undefined
}

function analysisOf(answered: z.infer<typeof answer>): StaticAnalysis {
  if ('raised' in answered)
    return { transforms: [], cropBoxes: [], problem: { kind: 'raised', type: answered.raised } }
  return { transforms: answered.transforms, cropBoxes: answered.crop_boxes, problem: null }
}
