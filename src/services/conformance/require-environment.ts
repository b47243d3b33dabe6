import { UsageError } from '../../core/errors.js'
import { ConformanceClient } from './conformance-client.js'
import { nothingAnswers } from './nothing-answers.js'

/**
 * A client of an environment service that answers.
 * @throws UsageError where nothing answers at all, or refuses the token, or something else answers
 */
export async function requireEnvironment({
  url,
  token,
}: {
  url: string
  token?: string | undefined
}): Promise<ConformanceClient> {
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
  return client
}
