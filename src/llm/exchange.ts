import { exchangeBytes, type ExchangeOutcome as OutcomeOver, type ExchangeRequest } from './exchange-bytes.js'

export type ExchangeOutcome = OutcomeOver<string>

/** {@link exchangeBytes} whose answer is text. @throws AbortError at once when the signal is aborted; everything else is an outcome */
export async function exchange(parameters: ExchangeRequest): Promise<ExchangeOutcome> {
  const outcome = await exchangeBytes(parameters)
  switch (outcome.kind) {
    case 'answer':
    case 'too-long':
      return { ...outcome, body: outcome.body.toString('utf8') }
    case 'connection':
    case 'deadline':
      return outcome
  }
}
