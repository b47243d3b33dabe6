/** A share in per cent with one decimal and no sign behind it: `66.7`. */
export function percent(share: number): string {
  return (100 * share).toFixed(1)
}
