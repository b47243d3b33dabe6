/** Of parameters and the like: `8.3 billion`, `2.7 million`; fewer than 100,000 digit by digit. */
export function inMillions(count: number): string {
  if (count < 1e5) return count.toLocaleString('en-US')
  return count < 1e9 ? `${(count / 1e6).toFixed(1)} million` : `${(count / 1e9).toFixed(1)} billion`
}
