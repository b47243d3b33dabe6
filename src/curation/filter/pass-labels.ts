import type { FilterReport, GroupReport } from './filter-report.js'

/** What the bars of a histogram of pass rates are: first of all of them, then of each. Where every row has as many rollouts as there are steps, the number of right ones. */
export function passLabels({
  passRates: {
    before: { counts },
  },
  perRow,
}: {
  passRates: GroupReport['passRates']
  perRow: FilterReport['rollouts']['perRow']
}): readonly [string, ...string[]] {
  const steps = counts.length - 1
  const isExact = perRow !== null && perRow.least === steps && perRow.most === steps
  return isExact
    ? [`right, of ${steps}`, ...counts.map((_, at) => String(at))]
    : ['pass rate', ...counts.map((_, at) => `${Math.round((at / steps) * 100)} %`)]
}
