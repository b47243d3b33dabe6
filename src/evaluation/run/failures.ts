import { endingOf, INFRASTRUCTURE_OUTCOMES, type Ending, type Sample } from '../../core/sample.js'

/** Samples that failed for the same reason. */
export interface FailureGroup {
  ending: Ending
  /** As the first of them said it; others may differ in numbers. */
  reason: string
  count: number
  /** The data set's own names of the first of them. */
  sampleIds: readonly string[]
}

const NAMED = 5
const LONGEST_REASON = 300
const SHOWN_GROUPS = 10

/** Groups failed samples by what ended them; samples that were scored are left out. */
export function failureCounter() {
  const groups = new Map<string, FailureGroup & { sampleIds: string[] }>()
  return {
    /** Its group, where it is the first of that; else null. */
    add(sample: Sample): FailureGroup | null {
      const ending = endingOf(sample)
      if (ending !== 'unusable' && !INFRASTRUCTURE_OUTCOMES.has(ending)) return null
      const reason = reasonOf(sample)
      const key = `${ending} ${reason.replace(/\d+/g, '#')}`
      const group = groups.get(key) ?? { ending, reason, count: 0, sampleIds: [] }
      group.count++
      if (group.sampleIds.length < NAMED && !group.sampleIds.includes(sample.taskId))
        group.sampleIds.push(sample.taskId)
      groups.set(key, group)
      return group.count === 1 ? group : null
    },
    /** The most frequent first. */
    groups: (): FailureGroup[] => [...groups.values()].sort((a, b) => b.count - a.count),
  }
}

/** Why samples failed, as lines for the terminal; none where none did. */
export function renderFailures(groups: readonly FailureGroup[]): string[] {
  const broken = groups.filter(({ ending }) => ending !== 'unusable')
  const unusable = groups.filter(({ ending }) => ending === 'unusable')
  return [
    ...section({ title: 'Failed, tried again by --resume:', groups: broken }),
    ...section({ title: 'Excluded for good, since the data is at fault:', groups: unusable }),
  ]
}

function section({ title, groups }: { title: string; groups: readonly FailureGroup[] }): string[] {
  return groups.length === 0 ? [] : [title, ...failureLines(groups)]
}

/** How often, why and where samples failed: a line for each of so many reasons, and one for the rest. */
export function failureLines(groups: readonly FailureGroup[]): string[] {
  const more = groups.slice(SHOWN_GROUPS).reduce((total, { count }) => total + count, 0)
  return [
    ...groups
      .slice(0, SHOWN_GROUPS)
      .map(
        ({ ending, reason, count, sampleIds }) =>
          `  ${count} × ${ending}: ${reason} (${sampleIds.length < count ? 'such as ' : ''}sample ${
            ending === 'unusable' ? sampleIds.join(', ') : sampleIds[0]
          })`,
      ),
    ...(more > 0 ? [`  ${more} for other reasons: \`error\` in samples.jsonl`] : []),
  ]
}

function reasonOf({ error }: Sample): string {
  const line = error === null ? 'no reason was kept' : (error.message.split('\n')[0] ?? '')
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)} …` : line
}
