import type { ConformanceResult } from './conformance-rule.js'
import { HACKS, WRONG_ANSWER } from './hacks.js'
import { requireEnvironment } from './require-environment.js'
import { runTrainerDriver, type Trainer } from './trainer-driver.js'

/**
 * What a training with verl or TRL relies on, tried by the trainer's own code over an environment service: tool or environment, reward, and tricks that must not be paid. No model, no GPU.
 * @param parameters.python with the trainer installed
 * @param parameters.recipe folder of `codevision cluster recipe verl`; null for TRL
 * @throws UsageError where no service answers, or the trainer is not importable; ConformanceError where what drives it dies; AbortError
 */
export async function* checkTrainerConformance({
  trainer,
  python,
  url,
  token,
  recipe,
  signal,
}: {
  trainer: Trainer
  python: string
  url: string
  token?: string | undefined
  recipe: string | null
  signal?: AbortSignal | undefined
}): AsyncGenerator<ConformanceResult> {
  await requireEnvironment({ url, token, signal })
  const request = { trainer, url, recipe, wrong: WRONG_ANSWER, hacks: HACKS }
  yield* runTrainerDriver({ python, request, token, signal })
}
