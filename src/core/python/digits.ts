/**
 * Zeros of the decimal digits (category Nd) of Unicode 14, which Python 3.11 knows; each is followed by its 1 to 9. A table, and not
 * `\p{Nd}`, because a newer Node knows more of them.
 */
const ZEROS = (
  '30 660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 1c40 1c50 ' +
  'a620 a8d0 a900 a9d0 a9f0 aa50 abf0 ff10 104a0 10d30 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 11730 118e0 11950 ' +
  '11c50 11d50 11da0 16a60 16ac0 16b50 1d7ce 1d7d8 1d7e2 1d7ec 1d7f6 1e140 1e2f0 1e950 1fbf0'
).split(' ')

/** What `\d` takes in Python: goes inside `[…]` of a regular expression with the `u` flag. */
export const PYTHON_DIGIT = ZEROS.map(
  (zero) => `\\u{${zero}}-\\u{${(Number.parseInt(zero, 16) + 9).toString(16)}}`,
).join('')

const FOREIGN_DIGIT = new RegExp(`(?![0-9])[${PYTHON_DIGIT}]`, 'gu')
const VALUES = new Map(
  ZEROS.flatMap((zero) =>
    Array.from({ length: 10 }, (_, value) => [
      String.fromCodePoint(Number.parseInt(zero, 16) + value),
      String(value),
    ]),
  ),
)

/** Replace the digits of every script by ASCII ones. */
export function toAsciiDigits(text: string): string {
  return text.replace(FOREIGN_DIGIT, (digit) => VALUES.get(digit) ?? digit)
}
