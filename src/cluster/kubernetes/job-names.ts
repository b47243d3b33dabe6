import { createHash } from 'node:crypto'

/** Letters of a run's name in those of its Jobs, which are so short that Kubernetes can add an index. */
const LENGTH = 40
const HASH_LENGTH = 8

/** Names of both Jobs of a run. Where its own name had to be changed or cut, part of its hash keeps them from being another run's. */
export function jobNames({ name }: { name: string }): { shards: string; merge: string } {
  const stem = stemOf(name)
  return { shards: `${stem}-shards`, merge: `${stem}-merge` }
}

function stemOf(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  const trimmed = plain.replaceAll(/^-+|-+$/g, '')
  if (trimmed === name && name.length <= LENGTH) return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH)
  return `${trimmed.slice(0, LENGTH - HASH_LENGTH - 1)}-${hash}`.replace(/^-+/, '').replace(/-{2,}/, '-')
}
