import type { ParitySet } from './parity-set.js'
import { answers } from './sets/answers.js'
import { execute } from './sets/execute.js'
import { judgeParse } from './sets/judge-parse.js'
import { imageBudget, releaseInput } from './sets/size-rules.js'
import { toolAnalysis } from './sets/tool-analysis.js'
import { toolCallParse } from './sets/tool-call-parse.js'

/** Every set that this project answers. */
export const PARITY_SETS: readonly ParitySet[] = [
  toolCallParse,
  answers,
  judgeParse,
  execute,
  releaseInput,
  imageBudget,
  toolAnalysis,
]
