import { UsageError } from '../../core/errors.js'
import { ConformanceClient, type ServiceUnderTest } from './conformance-client.js'
import { nothingAnswers } from './nothing-answers.js'

/**
 * A client of an environment service that answers.
 * @throws UsageError where nothing answers at all, or refuses the token, or something else answers; the reason of the signal
 */
export async function requireEnvironment({
  url,
  token,
  signal,
}: ServiceUnderTest): Promise<ConformanceClient> {
  const client = new ConformanceClient({ url, token, signal })
  const what = '`codevision serve env`'
  const { status, json } = await client.ask('GET', '/state').catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw nothingAnswers({ url, what, cause })
  })
  if (status === 401 || status === 403)
    throw new UsageError(
      `${url}: expected a token that the service takes, got ${token === undefined ? 'none' : 'another one'} (status ${status}); name its file: --token-file`,
    )
  if (status !== 200 || typeof json['tasks'] !== 'number')
    throw nothingAnswers({ url, what, cause: `status ${status}, and no number of tasks at /state` })
  return client
}
