/** Calls that one worker reads. It takes about a millisecond a call, and a worker that has to be given up costs the others a second reading. */
const CALLS = 128
const CHARACTERS = 500_000

/** Cut a list into runs that one job can take: at most 128 calls, and 500,000 characters unless a single call has more. */
export function callBatches<T>(calls: readonly T[], lengthOf: (call: T) => number): T[][] {
  const batches: T[][] = []
  let characters = 0
  for (const call of calls) {
    const last = batches.at(-1)
    const length = lengthOf(call)
    characters += length
    if (last && last.length < CALLS && characters <= CHARACTERS) {
      last.push(call)
    } else {
      batches.push([call])
      characters = length
    }
  }
  return batches
}
