import { INFRASTRUCTURE_OUTCOMES, type Ending } from '../../core/sample.js'

/** Where a run stands. */
export interface Progress {
  planned: number
  /** Samples that are finished, earlier ones of a resumed run included. */
  finished: number
  correct: number
  /** Infrastructure failures of this session. */
  failed: number
  /** Samples whose images cannot be decoded, earlier ones included. */
  unusable: number
  /** Right answers by finished samples; null before the first. */
  accuracy: number | null
  /** Samples of this session a second; null before the first. */
  perSecond: number | null
  /** Seconds to the end at this rate; null before the first. */
  etaSeconds: number | null
}

/** Counts samples as they end; `now` in milliseconds. */
export function progressCounter({
  planned,
  now = () => performance.now(),
}: {
  planned: number
  now?: () => number
}) {
  const started = now()
  let [finished, correct, failed, unusable, ended] = [0, 0, 0, 0, 0]
  const count = (ending: Ending): void => {
    if (ending === 'unusable') unusable++
    else if (INFRASTRUCTURE_OUTCOMES.has(ending)) failed++
    else finished++
    if (ending === 'correct') correct++
  }
  return {
    /** A sample that an earlier session finished. */
    addEarlier(ending: Ending): void {
      count(ending)
    },
    /** A sample that ended now. */
    add(ending: Ending): Progress {
      ended++
      count(ending)
      return this.current()
    },
    current(): Progress {
      const seconds = (now() - started) / 1000
      const perSecond = ended === 0 || seconds === 0 ? null : ended / seconds
      return {
        planned,
        finished,
        correct,
        failed,
        unusable,
        accuracy: finished === 0 ? null : correct / finished,
        perSecond,
        etaSeconds:
          perSecond === null ? null : Math.max(0, planned - finished - failed - unusable) / perSecond,
      }
    },
  }
}
