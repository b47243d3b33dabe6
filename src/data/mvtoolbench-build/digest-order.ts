import { createHash } from 'node:crypto'

/** A number of [0, 1) that texts decide: the same on every machine, whatever came before. */
export function fractionOf(...texts: readonly string[]): number {
  return createHash('sha256').update(JSON.stringify(texts)).digest().readUIntBE(0, 6) / 2 ** 48
}
