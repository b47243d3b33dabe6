/** How a use of a tool ended, where it gave no result. `refused`: it was never begun. */
export type RefusedOutcome = 'failed' | 'refused' | 'timeout'

/** Characters of its message: it goes into the code's ToolError, and into every record of the use. */
const MOST_MESSAGE = 1_000

/** A tool gives no result: the code gets a ToolError with this message. The code's matter, not an error of the machine. */
export class ToolRefusal extends Error {
  readonly outcome: RefusedOutcome

  /** @param cause what the tool met, for the operator alone. */
  constructor(outcome: RefusedOutcome, message: string, { cause }: { cause?: unknown } = {}) {
    super(message.slice(0, MOST_MESSAGE), cause === undefined ? undefined : { cause })
    this.name = 'ToolRefusal'
    this.outcome = outcome
  }
}
