const BYTES = 256

/** How byte-level BPE writes each byte, in their order: printable ones as they are, the others as characters from 256 on. */
export function byteSymbols(): string[] {
  const isPlain = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = BYTES
  return Array.from({ length: BYTES }, (_, byte) => String.fromCodePoint(isPlain(byte) ? byte : next++))
}
