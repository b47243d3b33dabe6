/** Whose turn it is, and for what: a trainer and its helper pass a number in shared memory back and forth, and sleep while it is the other's. */
export const TURN = {
  /** The trainer's: nothing is being computed. */
  idle: 0,
  /** The helper's: the weights, where they are new, and the forward pass. */
  forwards: 1,
  /** The trainer's: log-probabilities lie there, slopes are awaited. */
  slopes: 2,
  /** The helper's: slopes lie there, gradients are awaited. */
  backwards: 3,
  /** The helper's: there will be no slopes. */
  withdrawn: 4,
  /** The trainer's: the helper could not do it, and has said why. */
  failed: 5,
} as const
export type Turn = (typeof TURN)[keyof typeof TURN]

export function passTurn({ cell, to }: { cell: Int32Array; to: Turn }): void {
  Atomics.store(cell, 0, to)
  Atomics.notify(cell, 0)
}

export function currentTurn(cell: Int32Array): Turn {
  return Atomics.load(cell, 0) as Turn
}

/** Sleep until the turn is another than `turn`; gives that one. `check` is called now and then, and may throw. */
export function awaitTurn({
  cell,
  turn,
  check = () => undefined,
}: {
  cell: Int32Array
  turn: Turn
  check?: () => void
}): Turn {
  while (Atomics.wait(cell, 0, turn, CHECK_MS) === 'timed-out') check()
  return currentTurn(cell)
}

const CHECK_MS = 500
