import { loadEvaluationConfig, type EvaluationConfig } from '../../config/evaluation-config.js'
import type { GrpoConfig } from '../../config/training-schema.js'
import type { HeldRows } from './rows/study-rows.js'

/** The greedy evaluation of an arm: asked, scored and contained as its training is. @param parameters.policy folder of its checkpoint */
export function evaluationConfig({
  base: { model, judge, scoring, sandbox, training, retries },
  agent,
  policy,
  rows: { data, transforms, limit },
}: {
  base: GrpoConfig
  agent: GrpoConfig['agent']
  policy: string
  rows: HeldRows
}): Promise<EvaluationConfig> {
  const common = { model: policy, temperature: 0 }
  return loadEvaluationConfig({
    path: null,
    overrides: {
      data,
      ...(transforms !== undefined && { transforms }),
      ...(limit !== undefined && { limit }),
      policy:
        model.kind === 'tfjs'
          ? { kind: 'tfjs', backend: model.backend, ...common }
          : {
              kind: 'torch',
              device: model.device,
              dtype: model.dtype,
              batchTokens: model.batchTokens,
              ...common,
            },
      ...{ agent, judge, sandbox, retries },
      ...(scoring !== undefined && { scoring }),
      concurrency: training.concurrency,
    },
  })
}
