import type { SummaryHead } from '../summary/summary.js'

/** What was asked of whom, and who decided what is right: the first words above every table of a run. */
export function describeHead({ suite, policy, scoring, judge, judgeReading, epochs }: SummaryHead): string {
  return [
    suite,
    `${policy.name} (${policy.model})`,
    `scoring ${scoring}`,
    `judge ${judge}${judgeReading === null ? '' : ` (${judgeReading})`}`,
    ...(epochs > 1 ? [`${epochs} epochs`] : []),
  ].join(' · ')
}
