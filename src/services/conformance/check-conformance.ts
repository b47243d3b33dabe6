import { UsageError } from '../../core/errors.js'
import { ConformanceClient } from './conformance-client.js'
import type { ConformanceResult } from './conformance-rule.js'
import { EPISODE_RULES } from './episode-rules.js'
import { HACK_CANARIES } from './hack-canaries.js'
import { nothingAnswers, saidBy } from './nothing-answers.js'

/**
 * Drive an environment service with a scripted model: what callers rely on, and tricks that must not be paid. One rule after the other, each in episodes of its own.
 * @throws UsageError where nothing answers at all, or refuses the token, or something else answers
 */
export async function* checkConformance({
  url,
  token,
}: {
  url: string
  token?: string | undefined
}): AsyncGenerator<ConformanceResult> {
  const client = new ConformanceClient({ url, token })
  const what = '`codevision serve env`'
  const { status, json } = await client.ask('GET', '/state').catch((cause: unknown) => {
    throw nothingAnswers({ url, what, cause })
  })
  if (status === 401 || status === 403)
    throw new UsageError(
      `${url}: expected a token that the service takes, got ${token === undefined ? 'none' : 'another one'} (status ${status}); name its file: --token-file`,
    )
  if (status !== 200 || typeof json['tasks'] !== 'number')
    throw nothingAnswers({ url, what, cause: `status ${status}, and no number of tasks at /state` })
  for (const { name, check } of [...EPISODE_RULES, ...HACK_CANARIES]) {
    const failure = await check(client).catch(saidBy)
    yield { name, failure }
  }
}
