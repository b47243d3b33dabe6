/** Quotes, brackets, and marks that end or separate; signs that belong to an amount (currency, percent, number sign) are kept. */
const LEADING = /^[\s"'`´“”„‘’«»()[\]{}<>.,;:!?¡¿…·•*|_–—-]+/u
const TRAILING = /[\s"'`´“”„‘’«»()[\]{}<>.,;:!?¡¿…·•*|_–—-]+$/u
/** Characters that are taken for one another in small print. */
const ALIKE: Readonly<Record<string, string>> = { '0': 'o', '1': 'l', i: 'l', '5': 's', '2': 'z', '8': 'b' }

/** A text as the annotations mean it: NFKC, runs of white space as one space. */
export function cleanText(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim()
}

/** A cleaned text without the punctuation around it: `“Total:”` is `Total`, `$4.50.` is `$4.50`. */
export function bareText(text: string): string {
  return text.replace(LEADING, '').replace(TRAILING, '')
}

/**
 * The pieces by which texts are compared for ambiguity: letters and digits only, without case and accents, look-alikes united. `Sub-Total:` has
 * two, so that `Total` is found in it.
 */
export function comparisonKeys(text: string): string[] {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== '')
    .map((piece) => [...piece].map((character) => ALIKE[character] ?? character).join(''))
}

/** Letters and digits of a text. */
export function countAlphanumerics(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}
