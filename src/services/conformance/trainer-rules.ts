import type { ConformanceResult } from './conformance-rule.js'
import { hacks, WRONG_ANSWER } from './hacks.js'
import { requireEnvironment } from './require-environment.js'
import { runTrainerDriver, type Trainer } from './trainer-driver.js'

/**
 * What a training with verl or TRL relies on, tried by the trainer's own code over an environment service: tool or environment, reward, and tricks that must not be paid. No model, no GPU.
 * @param parameters.python with the trainer installed
 * @param parameters.answers as {@link hackCanaries} takes them
 * @param parameters.recipe folder of `codevision cluster recipe verl`; null for TRL
 * @throws UsageError where no service answers, or the trainer is not importable; ConformanceError where what drives it dies; AbortError
 */
export async function* checkTrainerConformance({
  trainer,
  python,
  url,
  token,
  recipe,
  answers = null,
  signal,
}: {
  trainer: Trainer
  python: string
  url: string
  token?: string | undefined
  recipe: string | null
  answers?: readonly string[] | null
  signal?: AbortSignal | undefined
}): AsyncGenerator<ConformanceResult> {
  await requireEnvironment({ url, token, signal })
  const tricks = { wrong: WRONG_ANSWER, answers, hacks: hacks({ knowsAnswers: answers !== null }) }
  const request = { trainer, url, recipe, ...tricks }
  yield* runTrainerDriver({ python, request, token, signal })
}
