import { ConformanceClient } from './conformance-client.js'
import type { ConformanceResult } from './conformance-rule.js'
import { EPISODE_RULES } from './episode-rules.js'
import { HACK_CANARIES } from './hack-canaries.js'
import { nothingAnswers } from './nothing-answers.js'

/**
 * Drive an environment service with a scripted model: what callers rely on, and tricks that must not be paid. One rule after the other, each in episodes of its own.
 * @throws UsageError where nothing answers at all
 */
export async function* checkConformance({
  url,
  token,
}: {
  url: string
  token?: string | undefined
}): AsyncGenerator<ConformanceResult> {
  const client = new ConformanceClient({ url, token })
  await client.ask('GET', '/healthz').catch((cause: unknown) => {
    throw nothingAnswers({ url, what: '`codevision serve env`', cause })
  })
  for (const { name, check } of [...EPISODE_RULES, ...HACK_CANARIES]) {
    const failure = await check(client).catch((error: unknown) => String(error))
    yield { name, failure }
  }
}
