/** Indexes of weights, the largest first, of equal ones the first; drawn one by one from a heap, so that the few that are looked at cost no sort of all. */
export function* largestFirst(weights: ArrayLike<number>): Generator<number, void> {
  const heap = new Int32Array(weights.length)
  for (let at = 0; at < heap.length; at++) heap[at] = at
  let size = heap.length
  for (let at = (size >> 1) - 1; at >= 0; at--) sink({ heap, size, at, weights })
  while (size > 0) {
    yield heap[0] as number
    heap[0] = heap[--size] as number
    sink({ heap, size, at: 0, weights })
  }
}

/** Let what stands at a place of the heap sink to where it belongs. */
function sink({
  heap,
  size,
  at,
  weights,
}: {
  heap: Int32Array
  size: number
  at: number
  weights: ArrayLike<number>
}): void {
  const index = heap[at] as number
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && isBefore(heap[child + 1] as number, heap[child] as number, weights)) child++
    if (!isBefore(heap[child] as number, index, weights)) break
    heap[at] = heap[child] as number
    at = child
  }
  heap[at] = index
}

function isBefore(one: number, other: number, weights: ArrayLike<number>): boolean {
  const a = weights[one] as number
  const b = weights[other] as number
  return a > b || (a === b && one < other)
}
