/** Order of texts as Python's `sorted` has it: by code points. JavaScript's own order is by UTF-16 units, which puts U+FFxx behind emoji. */
export function byCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const [own, other] = [a.charCodeAt(index), b.charCodeAt(index)]
    // Where a pair differs in its second half, the first halves were equal, and the halves' order is that of the code points.
    if (own !== other)
      return isPaired(a, index) === isPaired(b, index) ? own - other : isPaired(a, index) ? 1 : -1
  }
  return a.length - b.length
}

/** Whether the unit at `index` belongs to a surrogate pair, and so to a code point past U+FFFF. */
function isPaired(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  if (unit >= 0xd800 && unit < 0xdc00) return isLow(text.charCodeAt(index + 1))
  return isLow(unit) && index > 0 && isHigh(text.charCodeAt(index - 1))
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}
