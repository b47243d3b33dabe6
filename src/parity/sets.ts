import type { ParitySet } from './parity-set.js'
import { answers } from './sets/answers.js'
import { chartqapro } from './sets/chartqapro.js'
import { execute } from './sets/execute.js'
import { formatReward } from './sets/format-reward.js'
import { grpoLoss } from './sets/grpo-loss.js'
import { hrbench } from './sets/hrbench.js'
import { judgeParse } from './sets/judge-parse.js'
import { ocrbench } from './sets/ocrbench.js'
import { rewardPaper } from './sets/reward-paper.js'
import { rewardRelease } from './sets/reward-release.js'
import { imageBudget, releaseInput } from './sets/size-rules.js'
import { toolAnalysis } from './sets/tool-analysis.js'
import { toolCallParse } from './sets/tool-call-parse.js'
import { vstar } from './sets/vstar.js'

/** Every set that this project answers. */
export const PARITY_SETS: readonly ParitySet[] = [
  toolCallParse,
  answers,
  judgeParse,
  formatReward,
  rewardRelease,
  rewardPaper,
  execute,
  releaseInput,
  imageBudget,
  toolAnalysis,
  ocrbench,
  chartqapro,
  vstar,
  hrbench,
  grpoLoss,
]
