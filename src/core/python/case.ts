import { PYTHON_UNASSIGNED } from './unassigned.js'

const UNKNOWN = new RegExp(`([${PYTHON_UNASSIGNED}]+)`, 'u')
/** Small letters whose capitals are younger than Python 3.11's Unicode 14. */
const WITHOUT_CAPITAL = new RegExp(`([${PYTHON_UNASSIGNED}\\u019b\\u0264\\ua7d3\\ua7d5]+)`, 'u')

/** `text.lower()`: whole mappings (İ gives two characters), final sigma included. */
export function pythonLower(text: string): string {
  return apart({ text, kept: UNKNOWN, mapped: (part) => part.toLowerCase() })
}

/** `text.upper()`: whole mappings (ß gives SS). */
export function pythonUpper(text: string): string {
  return apart({ text, kept: WITHOUT_CAPITAL, mapped: (part) => part.toUpperCase() })
}

/** Map what stands between the kept characters; these are neither cased nor ignorable, so no mapping looks across them. */
function apart({
  text,
  kept,
  mapped,
}: {
  text: string
  kept: RegExp
  mapped: (part: string) => string
}): string {
  return text
    .split(kept)
    .map((part, index) => (index % 2 === 0 ? mapped(part) : part))
    .join('')
}
