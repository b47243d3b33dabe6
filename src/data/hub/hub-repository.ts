/** A data set of the hub, and how to reach it. */
export interface HubRepository {
  /** `owner/name`. */
  repository: string
  /** Branch, tag or commit. */
  revision: string
  /** Address of the hub, without a slash at its end (HF_ENDPOINT). */
  endpoint: string
  /** HF_TOKEN; null: none. */
  token: string | null
}

/** One file of the data set at a commit. */
export interface HubFile {
  /** In the repository, with `/`. */
  path: string
  /** Bytes. */
  size: number
  /** The hub's own checksum: SHA-256 of large files (LFS), else the one that git gives a file (SHA-1 over its length and bytes). */
  checksum: { kind: 'sha256' | 'git'; value: string }
}

/** A commit's whole name. */
export const COMMIT = /^[0-9a-f]{40}$/

/** Page of the data set, where its terms are accepted. */
export function pageOf({ endpoint, repository }: HubRepository): string {
  return `${endpoint}/datasets/${repository}`
}

/** Address of a file at a revision. */
export function fileUrl({
  hub,
  revision,
  path,
}: {
  hub: HubRepository
  revision: string
  path: string
}): string {
  return `${pageOf(hub)}/resolve/${encodeURIComponent(revision)}/${path.split('/').map(encodeURIComponent).join('/')}`
}
