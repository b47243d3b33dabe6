/** Bytes of a request that can be read as one text. V8 has no string of 512 MiB: a body of that size would end the process. */
export const LONGEST_TEXT_BYTES = 511 * 2 ** 20
