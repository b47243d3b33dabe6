import { basename, dirname, resolve } from 'node:path'
import { UsageError } from '../../core/errors.js'
import { TRANSFORMS } from '../../core/transform.js'
import type { DownloadProgress } from '../../data/hub/fetch-dataset.js'
import { loadSuite, type Suite } from '../../data/load-suite.js'

/** Rows to be filtered, as they come from one file or suite. */
export interface Source {
  /** Different from those of the other sources. */
  readonly name: string
  /** As the user named it. */
  readonly given: string
  /** Each row as it is. */
  readonly rows: Suite
  /** Each row under every transformation, in the order of {@link TRANSFORMS}: only for rows that have none themselves. */
  readonly turned: Suite
}

/**
 * Open data files and suites whose rows are to be filtered together.
 * @throws UsageError where one is not there or not what it must be, or their answers are not scored alike; HubError when one cannot be fetched.
 */
export async function openSources({
  sources,
  seed,
  signal,
  onDownload,
}: {
  sources: readonly string[]
  /** Of whatever a suite draws. */
  seed: number
  signal?: AbortSignal | undefined
  onDownload?: ((progress: DownloadProgress) => void) | undefined
}): Promise<readonly Source[]> {
  const opened: Source[] = []
  for (const given of sources) {
    const rows = await loadSuite({ suite: given, seed, signal, onProgress: onDownload })
    if (rows.transforms !== null)
      throw new UsageError(
        `${given}: expected rows to learn from, got a benchmark that is asked in ${rows.transforms.length} orientations; name its data file instead`,
      )
    const turned = await loadSuite({ suite: given, seed, signal, transforms: TRANSFORMS })
    opened.push({ name: rows.name, given, rows, turned })
  }
  const scorers = new Map(opened.map(({ given, rows }) => [rows.definition?.scorer ?? 'none', given]))
  if (scorers.size > 1)
    throw new UsageError(
      `Expected sources whose answers are scored alike, got ${[...scorers].map(([scorer, given]) => `${given} (scorer ${scorer})`).join(' and ')}: filter each on its own.`,
    )
  return namedApart(opened)
}

/** Sources of one name are called by their folders too, and where that is not enough, numbered. */
function namedApart(sources: readonly Source[]): Source[] {
  const isShared = (name: string): boolean => sources.filter((source) => source.name === name).length > 1
  const taken = new Set<string>()
  return sources.map((source) => {
    const { name, given } = source
    const base = isShared(name) ? `${basename(dirname(resolve(given)))}/${name}` : name
    let free = base
    for (let number = 2; taken.has(free); number++) free = `${base}-${number}`
    taken.add(free)
    return { ...source, name: free }
  })
}
