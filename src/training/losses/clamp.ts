/** A number within bounds (NaN stays NaN), and whether it moves when the given one does; on a bound it does. */
export function clamp({ value, low, high }: { value: number; low: number; high: number }): {
  value: number
  isFree: boolean
} {
  return { value: Math.min(Math.max(value, low), high), isFree: value >= low && value <= high }
}
