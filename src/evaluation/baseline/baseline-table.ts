import { TRANSFORMS } from '../../core/transform.js'
import { aligned } from '../table/aligned.js'
import { percent, points, pointsInterval, PRINTED_TRANSFORMS } from '../table/format-figures.js'
import type { BaselineRow } from './check-baseline.js'

/** Figures against their baseline as text: what was required, what came, and by how much it was missed. */
export function renderBaseline({ path, rows }: { path: string; rows: readonly BaselineRow[] }): string {
  const missed = rows.filter(({ isMissed }) => isMissed).length
  return [
    `Baseline ${path}: ${missed === 0 ? `all ${rows.length} figures are met` : `${missed} of ${rows.length} figures are missed`}.`,
    ...aligned([
      ['', 'baseline', 'this run', 'difference', '95 % interval', ''],
      ...rows.map(({ figure, required, measured, interval, isMissed }) => [
        printed(figure),
        percent(required),
        measured === null ? 'not in this run' : percent(measured),
        points(measured === null ? null : measured - required),
        pointsInterval(interval),
        isMissed ? 'MISSED' : 'met',
      ]),
    ]),
  ].join('\n')
}

function printed(figure: string): string {
  const transform = TRANSFORMS.find((name) => name === figure)
  return transform === undefined ? figure : PRINTED_TRANSFORMS[transform]
}
