import type { ReportData } from '../../report-data.js'

export interface SettingDifference {
  /** Where in the manifest, such as `agent.view.maxPixels`. */
  name: string
  a: string
  b: string
}

/** What differs of all that decides what a sample is and how it is scored, apart from how many samples there are. */
export function settingDifferences(a: ReportData, b: ReportData): SettingDifference[] {
  const [one, other] = [leaves(a.manifest.identity), leaves(b.manifest.identity)]
  const names = [...new Set([...one.keys(), ...other.keys()])].filter((name) => name !== 'head.planned')
  return names.flatMap((name) => {
    const [before, after] = [one.get(name) ?? 'not set', other.get(name) ?? 'not set']
    return before === after ? [] : [{ name, a: before, b: after }]
  })
}

function leaves(value: unknown, path: readonly string[] = []): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path.join('.'), typeof value === 'string' ? value : JSON.stringify(value)]])
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...leaves(inner, [...path, name])]))
}
