/** How a use of a tool ended, where it gave no result. `refused`: it was never begun. */
export type RefusedOutcome = 'failed' | 'refused' | 'timeout'

/** A tool gives no result: the code gets a ToolError with this message. The code's matter, not an error of the machine. */
export class ToolRefusal extends Error {
  readonly outcome: RefusedOutcome

  constructor(outcome: RefusedOutcome, message: string) {
    super(message)
    this.name = 'ToolRefusal'
    this.outcome = outcome
  }
}
