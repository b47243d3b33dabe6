import type { ServiceUnderTest } from './conformance-client.js'
import type { ConformanceResult, ConformanceRule } from './conformance-rule.js'
import { EPISODE_RULES } from './episode-rules.js'
import { hackCanaries } from './hack-canaries.js'
import { loadRules } from './load-rules.js'
import { nemoRules } from './nemo-rules.js'
import { saidBy } from './nothing-answers.js'
import { requireEnvironment } from './require-environment.js'
import { REWARD_RULES } from './reward-rules.js'
import { SESSION_RULES } from './session-rules.js'

/** What is known of the service beforehand. */
export interface KnownService {
  /** As {@link hackCanaries} takes them. */
  answers?: readonly string[] | null
  /** As {@link loadRules} takes it. */
  places?: number | null
}

/** Every rule of an environment service over plain HTTP. */
export function environmentRules({
  answers = null,
  places = null,
}: KnownService): readonly ConformanceRule[] {
  return [
    ...EPISODE_RULES,
    ...SESSION_RULES,
    ...REWARD_RULES,
    ...loadRules({ places }),
    ...hackCanaries({ answers }),
  ]
}

/**
 * Drive an environment service with a scripted model: what callers rely on, and tricks that must not be paid. One rule after the other, each in episodes of its own.
 * @throws UsageError where nothing answers at all, or refuses the token, or something else answers; the reason of the signal
 */
export async function* checkConformance({
  answers = null,
  places = null,
  ...where
}: ServiceUnderTest & KnownService): AsyncGenerator<ConformanceResult> {
  yield* tried({ where, rules: environmentRules({ answers, places }) })
}

/**
 * As {@link checkConformance}, over the routes of a resources server of NeMo-Gym.
 * @throws as there
 */
export async function* checkNemoConformance({
  answers = null,
  ...where
}: ServiceUnderTest & Pick<KnownService, 'answers'>): AsyncGenerator<ConformanceResult> {
  yield* tried({ where, rules: nemoRules({ answers }) })
}

async function* tried({
  where,
  rules,
}: {
  where: ServiceUnderTest
  rules: readonly ConformanceRule[]
}): AsyncGenerator<ConformanceResult> {
  const client = await requireEnvironment(where)
  for (const { name, check } of rules) {
    const failure = await check(client).catch(saidBy)
    where.signal?.throwIfAborted()
    yield { name, failure }
  }
}
