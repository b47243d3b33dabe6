import { panel } from '../../../report/curation/figures.js'
import { markup, type Html } from '../../../report/page/markup.js'
import { describeBasis, describeFinding, describeVerdict } from '../describe-finding.js'
import type { Verdict } from '../direction.js'
import type { Findings } from '../findings.js'

const MARKS = {
  agrees: 'kept',
  disagrees: 'dropped',
  'no difference': 'corrected',
  'not tested': 'corrected',
  'cannot tell': 'corrected',
} as const

/** What was found here, in words: whether the direction agrees, and each comparison with its figures. */
export function verdictPanel(findings: Findings): Html {
  return panel(
    'Here',
    markup`<p class="verdict">${describeVerdict(findings)}</p>
      <p class="soft">${describeBasis(findings)}</p>
      <ul class="findings">
        ${findings.list.map(
          (finding) => markup`<li>${mark(finding.verdict)}${describeFinding(finding)}</li>`,
        )}
      </ul>`,
  )
}

function mark(verdict: Verdict | null): Html {
  return verdict === null
    ? markup`<span class="mark">open</span>`
    : markup`<span class="mark mark-${MARKS[verdict]}">${verdict}</span>`
}
