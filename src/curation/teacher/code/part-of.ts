/** Decimals that are tried, fewest first. */
const DECIMALS = [2, 3, 4, 5, 6]

/**
 * A coordinate as a part of a side, such as `int(w * 0.412)`: the fewest decimals with which Python computes exactly that pixel.
 * `round` rounds halves to even, so halves are avoided; `int` cuts off.
 */
export function partOf({
  pixel,
  side,
  name,
  rounding,
}: {
  pixel: number
  side: number
  /** Name of the side in the code. */
  name: string
  rounding: 'round' | 'int'
}): string {
  if (pixel === 0) return '0'
  if (pixel === side) return name
  for (const decimals of DECIMALS) {
    const part = ((rounding === 'int' ? pixel + 0.5 : pixel) / side).toFixed(decimals)
    const off = side * Number(part) - pixel
    if (rounding === 'int' ? off > 0.02 && off < 0.98 : Math.abs(off) < 0.48)
      return `${rounding}(${name} * ${part})`
  }
  return String(pixel)
}
