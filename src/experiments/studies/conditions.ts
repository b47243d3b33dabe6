import type { GrpoConfig } from '../../config/training-schema.js'
import { settingsIdentity } from '../../evaluation/run/settings-identity.js'

/** How answers are judged, and which functions code can call: without what is only place, price or speed. No functions: undefined. */
export function judgeAndTools({ judge, seed, sandbox }: Pick<GrpoConfig, 'judge' | 'seed' | 'sandbox'>): {
  judge: unknown
  tools: unknown
} {
  const settings = settingsIdentity({ policy: { kind: 'tesseract' }, judge, seed, sandbox })
  return { judge: settings.judge, tools: settings.tools }
}

/**
 * What decides an evaluation besides policy, prompt and rows, for its identity: how answers are scored, where code runs, what computes the model. What studies on boards have is left out, so only what differs from them
 * makes another name.
 */
export function conditionsOf(
  base: Pick<GrpoConfig, 'judge' | 'seed' | 'sandbox' | 'scoring' | 'model'>,
): object {
  const { scoring = 'as the rows say', sandbox, model } = base
  const { judge, tools } = judgeAndTools(base)
  return {
    ...(scoring !== 'strict' && { scoring }),
    ...(judge !== 'none' && { judge }),
    ...(tools !== undefined && { tools }),
    ...(sandbox.profile !== 'standard' && { profile: sandbox.profile }),
    ...(model.kind === 'torch' && { engine: { kind: model.kind, dtype: model.dtype } }),
  }
}
