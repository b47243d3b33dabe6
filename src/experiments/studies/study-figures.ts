import { describeFinding, describeVerdict } from './describe-finding.js'
import { findingsOf } from './findings.js'
import type { MeasuredArms } from './measured-arm.js'
import { MEASURES, type MeasureName } from './measures.js'
import type { Study } from './study.js'
import { meanOf } from './task-mean.js'
import { transformFigures } from './transform-figures.js'

/** A study as `--json` writes it: verdict, comparisons, and of each arm its figures by transformation and seed. */
export function studyFigures({ study, measured }: { study: Study; measured: MeasuredArms }): object {
  const findings = findingsOf({ study, measured })
  const names = Object.keys(MEASURES) as MeasureName[]
  return {
    study: study.name,
    verdict: findings.verdict,
    described: describeVerdict(findings),
    comparisons: findings.list.map((finding) => ({
      what: finding.comparison.what,
      expected: finding.comparison.expected,
      verdict: finding.verdict,
      described: describeFinding(finding),
      ...finding.contrast,
    })),
    arms: study.arms.map(({ name, arm }) => {
      const seeds = measured.get(name) ?? []
      return {
        name,
        arm,
        accuracy: transformFigures({ measure: MEASURES.accuracy, seeds }),
        seeds: seeds.map(({ seed, records, folders }) => ({
          seed,
          tasks: records.length,
          ...Object.fromEntries(names.map((measure) => [measure, meanOf({ measure, records })])),
          ...folders,
        })),
      }
    }),
  }
}
