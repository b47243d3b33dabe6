import { UsageError } from '../../core/errors.js'

/** Seconds before the limit of a task at which running samples are told to end; Slurm may be 60 early. */
export const WARNING_SECONDS = 180
/** A task that is told to end sooner has hardly begun, and would do so each time that it comes back from the queue. */
const WORKING_SECONDS = 180

/** Minutes, minutes:seconds, hours:minutes:seconds; or days-hours, and of the last two what there is. */
const TIME = /^(?:(?<days>\d+)-(?<of>\d+(?::\d\d){0,2})|(?<rest>\d+(?::\d\d){0,2}))$/

/**
 * Check the limit of a task as Slurm writes it; 0 is none.
 * @throws UsageError for what Slurm would refuse, or a limit in which nothing could be done
 */
export function checkTimeLimit(time: string): void {
  const seconds = secondsOf(time)
  if (seconds === null)
    throw new UsageError(
      `--time: expected a time as Slurm writes it, such as 90 (minutes), 8:00:00 or 1-12:00:00, got ${JSON.stringify(time)}`,
    )
  const least = WARNING_SECONDS + WORKING_SECONDS
  if (seconds > 0 && seconds <= least)
    throw new UsageError(
      `--time: expected more than ${least / 60} minutes, since samples are told to end ${WARNING_SECONDS} s before the limit, got ${JSON.stringify(time)}, which is ${seconds} s`,
    )
}

function secondsOf(time: string): number | null {
  const { days, of, rest } = TIME.exec(time)?.groups ?? {}
  if (of !== undefined) {
    const [hours = 0, minutes = 0, seconds = 0] = of.split(':').map(Number)
    return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds
  }
  if (rest === undefined) return null
  const parts = rest.split(':').map(Number)
  const [hours = 0, minutes = 0, seconds = 0] = parts.length === 3 ? parts : [0, ...parts]
  return (hours * 60 + minutes) * 60 + seconds
}
