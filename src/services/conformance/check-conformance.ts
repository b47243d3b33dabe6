import type { ServiceUnderTest } from './conformance-client.js'
import type { ConformanceResult } from './conformance-rule.js'
import { EPISODE_RULES } from './episode-rules.js'
import { hackCanaries } from './hack-canaries.js'
import { saidBy } from './nothing-answers.js'
import { requireEnvironment } from './require-environment.js'

/**
 * Drive an environment service with a scripted model: what callers rely on, and tricks that must not be paid. One rule after the other, each in episodes of its own.
 * @param parameters.answers as {@link hackCanaries} takes them
 * @throws UsageError where nothing answers at all, or refuses the token, or something else answers; the reason of the signal
 */
export async function* checkConformance({
  answers = null,
  ...where
}: ServiceUnderTest & { answers?: readonly string[] | null }): AsyncGenerator<ConformanceResult> {
  const client = await requireEnvironment(where)
  for (const { name, check } of [...EPISODE_RULES, ...hackCanaries({ answers })]) {
    const failure = await check(client).catch(saidBy)
    where.signal?.throwIfAborted()
    yield { name, failure }
  }
}
