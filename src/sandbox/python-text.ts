import { z } from 'zod'

/**
 * Text that Python wrote, of so many characters as it counts them: one may be two here.
 * Half of a surrogate pair, which is a character there, becomes U+FFFD: tokenizers and servers refuse it.
 */
export function pythonText(characters: number): z.ZodType<string> {
  return z
    .string()
    .max(2 * characters)
    .transform((text) => text.toWellFormed())
}
