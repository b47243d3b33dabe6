import type { DownloadProgress } from '../hub/fetch-dataset.js'
import { openSuite, type OpenedSuite } from '../open-suite.js'
import { allChecks } from './all-checks.js'
import type { EndOptions } from './check.js'
import { CHECKS, type CheckName, type Finding } from './finding.js'
import type { GoldPositions } from './gold-positions.js'
import { createImageInspector } from './image-inspector.js'
import { inspectedRows } from './inspected-rows.js'

/** What a check of data came to. */
export interface DataReport {
  /** Rows that were looked at, wrong ones included. */
  rows: number
  /** Different image files. */
  images: number
  findings: Readonly<Record<CheckName, number>>
  /** Where right options stand, with the tests, by source. */
  positions: readonly (GoldPositions & { source: string })[]
}

export interface CheckProgress {
  /** Rows are read first; then what they are compared with each other for. */
  step: 'reading' | 'comparing'
  done: number
  total: number
  findings: number
}

/**
 * Check data sets, all of them together: each is what `loadSuite` opens. Rows are streamed: of four rows at a time the images are held, of all others a thumbnail and
 * checksums.
 * @throws UsageError when a path is no data set at all; HubError when one cannot be fetched. What is wrong with rows is a finding.
 */
export async function checkData({
  paths,
  data,
  seed = 0,
  without = [],
  signal,
  onDownload,
  onFinding = () => undefined,
  onProgress = () => undefined,
}: {
  /** Data files, suites by name or YAML; two at least to find pictures that they share. */
  paths: readonly string[]
  /** Local file or folder to take instead of the suite's own source; for a single suite. */
  data?: string | undefined
  seed?: number
  /** Checks to leave out. */
  without?: readonly CheckName[]
  signal?: AbortSignal | undefined
  onDownload?: ((progress: DownloadProgress) => void) | undefined
  /** In the order of rows; what only all rows together tell comes at the end. */
  onFinding?: (finding: Finding) => void
  onProgress?: (progress: CheckProgress) => void
}): Promise<DataReport> {
  const suites: { path: string; suite: OpenedSuite }[] = []
  for (const path of paths)
    suites.push({ path, suite: await openSuite({ suite: path, data, seed, signal, onProgress: onDownload }) })

  const counts = new Map<CheckName, number>(CHECKS.map((name) => [name, 0]))
  const tell = (findings: readonly Finding[]): void => {
    for (const finding of findings.filter(({ check }) => !without.includes(check))) {
      counts.set(finding.check, (counts.get(finding.check) ?? 0) + 1)
      onFinding(finding)
    }
  }
  const positions: (GoldPositions & { source: string })[] = []
  const checks = allChecks({
    without,
    onPositions: (source, found) => positions.push(...found.map((one) => ({ source, ...one }))),
  })
  const total = suites.reduce((sum, { suite }) => sum + suite.rows.count, 0)
  const inspector = createImageInspector()
  const found = (): number => [...counts.values()].reduce((a, b) => a + b)
  let done = 0
  for (const { path, suite } of suites) {
    for await (const { rows, row, wrong } of inspectedRows({ path, suite, inspector })) {
      signal?.throwIfAborted()
      tell(wrong)
      if (row !== null) for (const check of checks) tell(check.row(row))
      done += rows
      onProgress({ step: 'reading', done, total, findings: found() })
    }
  }
  const end: EndOptions = {
    signal,
    onProgress: (progress) => onProgress({ step: 'comparing', ...progress, findings: found() }),
  }
  for (const check of checks) tell((await check.end?.(end)) ?? [])
  return {
    rows: done,
    images: inspector.count,
    findings: Object.fromEntries(counts) as Record<CheckName, number>,
    positions,
  }
}
