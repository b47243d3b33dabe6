/** Where a curation stands. */
export interface CurationProgress {
  planned: number
  kept: number
  dropped: number
  /** Kept ones that took more than one attempt. */
  corrected: number
  /** Failures of the machine or of data. */
  failed: number
  /** Trajectories of this session a second; null before the first. */
  perSecond: number | null
  /** Seconds to the end at this rate; null before the first. */
  etaSeconds: number | null
}

/** How an item ended. */
export type ItemEnd = 'kept' | 'corrected' | 'dropped' | 'failed'

/** Counts items as they are decided; `now` in milliseconds. */
export function curationCounter({
  planned,
  now = () => performance.now(),
}: {
  planned: number
  now?: () => number
}) {
  const started = now()
  const counts = { kept: 0, dropped: 0, corrected: 0, failed: 0 }
  let ended = 0
  const count = (end: ItemEnd): void => {
    if (end === 'corrected') counts.kept++
    counts[end]++
  }
  const current = (): CurationProgress => {
    const seconds = (now() - started) / 1000
    const perSecond = ended === 0 || seconds === 0 ? null : ended / seconds
    const left = planned - counts.kept - counts.dropped - counts.failed
    return {
      planned,
      ...counts,
      perSecond,
      etaSeconds: perSecond === null ? null : Math.max(0, left) / perSecond,
    }
  }
  return {
    current,
    /** One that an earlier session decided. */
    addEarlier: count,
    add(end: ItemEnd): CurationProgress {
      ended++
      count(end)
      return current()
    },
  }
}
