/** What is looked at. */
export const CONVERSATION_CHECKS = ['schema', 'turns', 'markers', 'images', 'calls', 'tools', 'text'] as const
export type ConversationCheckName = (typeof CONVERSATION_CHECKS)[number]

/**
 * What LLaMA-Factory does about it. `stops`: it raises, and the whole set is refused; `drops`: it leaves the row out, with a warning; `accepts`: it trains on the row, which is
 * likely not what was meant.
 */
export const EFFECTS = ['stops', 'drops', 'accepts'] as const
export type Effect = (typeof EFFECTS)[number]

/** Something wrong with a row of conversations. */
export interface RowFinding {
  readonly check: ConversationCheckName
  readonly effect: Effect
  /** Column, turn or image. */
  readonly what: string
  readonly expected: string
  readonly got: string
}

/** The same with its place. */
export interface ConversationFinding extends RowFinding {
  readonly file: string
  /** From 1. */
  readonly row: number
  /** For a reader: file, and row or line. */
  readonly where: string
}

const WHAT_HAPPENS: Readonly<Record<Effect, string>> = {
  stops: 'LLaMA-Factory stops at this row',
  drops: 'LLaMA-Factory leaves this row out',
  accepts: 'LLaMA-Factory trains on it',
}

/** A line for a reader: where, what, expected, got, and what comes of it. */
export function describeConversationFinding({
  where,
  check,
  what,
  expected,
  got,
  effect,
}: ConversationFinding): string {
  return `${where}: ${check}: ${what}: expected ${expected}, got ${got} (${WHAT_HAPPENS[effect]})`.replace(
    /\s*\n\s*/g,
    ' ',
  )
}
