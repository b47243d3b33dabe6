import { ClusterError } from '../../core/errors.js'

/** Why a request to a dashboard brought nothing that can be used. */
export type RayFailure =
  | { kind: 'connection'; code: string; cause: unknown }
  | { kind: 'deadline'; timeoutMs: number }
  | { kind: 'too-long'; maxBytes: number }
  | { kind: 'refused'; status: number; said: string }
  | { kind: 'malformed'; problem: string; said: string }

/** Every error of a dashboard, in words: the first line says what happened, a second one what to do. `what` is what was asked for, such as `job "mine"`. */
export function clusterErrorOf({
  failure,
  what,
  address,
}: {
  failure: RayFailure
  what: string
  address: string
}): ClusterError {
  const where = `Ray dashboard ${address}, ${what}`
  switch (failure.kind) {
    case 'connection':
      return new ClusterError(
        `${where}: the connection failed (${failure.code}).\nExpected the dashboard of a running cluster there: start one with ray start --head --dashboard-host 0.0.0.0 (of ray[default]), open its port, or name it with --address or RAY_API_SERVER_ADDRESS.`,
        { cause: failure.cause, isRetryable: true },
      )
    case 'deadline':
      return new ClusterError(
        `${where}: no whole answer within ${failure.timeoutMs / 1000} s.\nThe head node is overloaded, or its dashboard hangs: its dashboard.log says.`,
        { isRetryable: true },
      )
    case 'too-long':
      return new ClusterError(
        `${where}: more than ${failure.maxBytes} bytes, the limit of one answer. Read the file on its node: /tmp/ray/session_latest/logs there.`,
      )
    case 'malformed':
      return new ClusterError(
        `${where}: it answered, but not as a Ray dashboard does: ${failure.problem}. Got ${quoted(failure.said)}. Expected Ray 2.9 or later: check --address.`,
      )
    case 'refused':
      return new ClusterError(
        `${where}: answered ${failure.status}: ${quoted(failure.said)}.\n${adviceOn(failure.status)}`,
        { status: failure.status, isRetryable: failure.status >= 500 || failure.status === 429 },
      )
  }
}

function adviceOn(status: number): string {
  if (status === 401)
    return 'It wants a token: set RAY_AUTH_TOKEN, or --token-file; ray get-auth-token on the head node prints it.'
  if (status === 403) return 'Expected the token of this cluster: check RAY_AUTH_TOKEN or --token-file.'
  if (status === 404) return 'It does not know this; codevision cluster status lists its jobs.'
  if (status === 413)
    return 'Leave large files out of --working-dir (.rayignore), and read them from storage.'
  if (status >= 500)
    return "The agent of a node did not do it: dashboard_agent.log and dashboard.log say why (/tmp/ray/session_latest/logs on the head node and on the driver's)."
  if (status >= 300 && status < 400) return 'Redirects are not followed: give --address as where it leads.'
  return 'It does not accept the request as it is.'
}

/** Of a traceback the end says what happened. */
function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return 'an empty body'
  return JSON.stringify(line.length > 400 ? `… ${line.slice(-400)}` : line)
}
