import { UsageError } from '../core/errors.js'

/**
 * Read the prices of a million tokens in and out, and maybe the currency: `0.15,0.6,EUR`.
 * @throws UsageError for anything else.
 */
export function parsePrice({ option, text }: { option: string; text: string }): {
  input: number
  output: number
  currency?: string
} {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*,\s*(\d+(?:\.\d+)?|\.\d+)\s*(?:,\s*([^\s,]+)\s*)?$/.exec(text)
  if (match === null) {
    throw new UsageError(
      `${option}: expected the prices of a million tokens in and out, such as 0.15,0.6 or 0.15,0.6,EUR, got "${text}"`,
    )
  }
  const [, input, output, currency] = match
  return { input: Number(input), output: Number(output), ...(currency !== undefined && { currency }) }
}
