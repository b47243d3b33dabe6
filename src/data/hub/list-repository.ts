import { z } from 'zod'
import { HubError } from '../../core/errors.js'
import { transportFailure } from './hub-failure.js'
import { COMMIT, type HubFile, type HubRepository } from './hub-repository.js'

export interface RepositoryListing {
  /** What the revision was resolved to. */
  commit: string
  files: HubFile[]
}

const commitSchema = z.object({ sha: z.string().regex(COMMIT) })

/**
 * The commit that a revision names now, and the files of the data set at that commit with the hub's own checksums.
 * @throws HubError when the hub refuses, has no such data set or revision, or cannot be reached.
 */
export async function listRepository({
  hub,
  signal,
}: {
  hub: HubRepository
  signal?: AbortSignal | undefined
}): Promise<RepositoryListing> {
  const { datasetInfo, listFiles } = await import('@huggingface/hub')
  const common = {
    hubUrl: hub.endpoint,
    // Not by the library's own option, which refuses tokens of other hubs than the one it is made for.
    fetch: (url: string | URL | Request, init?: RequestInit) => {
      const headers = new Headers(init?.headers)
      const address = url instanceof Request ? url.url : String(url)
      if (hub.token !== null && address.startsWith(`${hub.endpoint}/`))
        headers.set('Authorization', `Bearer ${hub.token}`)
      return fetch(url, { ...init, headers, ...(signal && { signal }) })
    },
  }
  try {
    const info = await datasetInfo({
      ...common,
      name: hub.repository,
      revision: hub.revision,
      additionalFields: ['sha'],
    })
    const checked = commitSchema.safeParse(info)
    if (!checked.success) {
      throw new HubError(
        `${hub.repository}: expected the commit of the revision ${hub.revision} from ${hub.endpoint}, got ${JSON.stringify(info).slice(0, 200)}`,
      )
    }
    const { sha: commit } = checked.data
    const files: HubFile[] = []
    const repo = { type: 'dataset' as const, name: hub.repository }
    for await (const { type, path, size, oid, lfs } of listFiles({
      ...common,
      repo,
      revision: commit,
      recursive: true,
    })) {
      if (type !== 'file') continue
      if (lfs !== undefined)
        files.push({ path, size: lfs.size, checksum: { kind: 'sha256', value: lfs.oid } })
      else if (oid !== undefined) files.push({ path, size, checksum: { kind: 'git', value: oid } })
    }
    return { commit, files }
  } catch (cause) {
    throw transportFailure({ hub, what: `the revision ${hub.revision}`, cause })
  }
}
