import { createHash } from 'node:crypto'

const DIGITS = 12

/**
 * Names weights by the checkpoint that they began as, and where they were trained, by how often and a digest of it: `folder@<digits>/wasm`, `folder@<digits>+3-<digits>/wasm`. Another backend
 * computes the last bits otherwise, and so may write something else.
 */
export function weightsName({
  folder,
  base,
  steps,
  identity,
  backend,
}: {
  folder: string
  /** SHA-256 of the checkpoint. */
  base: string
  /** Updates since. */
  steps: number
  /** See {@link nextIdentity}. */
  identity: string
  backend: string
}): string {
  const trained = steps === 0 ? '' : `+${steps}-${identity.slice(0, DIGITS)}`
  return `${folder}@${base.slice(0, DIGITS)}${trained}/${backend}`
}

/** What names weights after one more update: updates that began as the same and went the same way have the same name, without reading the weights. */
export function nextIdentity({
  identity,
  update,
}: {
  identity: string
  update: { learningRate: number; maxGradientNorm: number | null; gradientNorm: number }
}): string {
  const { learningRate, maxGradientNorm, gradientNorm } = update
  return createHash('sha256')
    .update(JSON.stringify([identity, learningRate, maxGradientNorm, gradientNorm]))
    .digest('hex')
}
