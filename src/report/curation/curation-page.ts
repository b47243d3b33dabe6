import { CURATION_TYPES } from '../../core/curation.js'
import type { Sample } from '../../core/sample.js'
import { TRANSFORMS } from '../../core/transform.js'
import type { CurationSummary, Distribution } from '../../curation/summary/summary.js'
import { exampleTrajectory } from './example.js'
import { bars, countBars, panel } from './figures.js'
import { markup, type Html } from '../page/markup.js'
import { PAGE_STYLE } from '../page/page-style.js'
import { staticPage } from '../page/static-page.js'

const SHORT = ['Source', 'Rot90', 'Rot180', 'Rot270', 'Hori', 'Verti'] as const

/** The page of a curated run: what is in the set and why the rest is not, and trajectories of each type as pictures. Without a script; images lie beside it. */
export function curationPage({
  name,
  summary,
  examples,
  hasReport,
}: {
  /** Of the run folder. */
  name: string
  summary: CurationSummary
  examples: readonly Sample[]
  /** Whether report.html lies beside it. */
  hasReport: boolean
}): string {
  const { teacher, seed, planned, decided, kept, corrected } = summary
  return staticPage({
    title: `${name} · curated trajectories`,
    style: PAGE_STYLE,
    images: 'beside',
    heading: name,
    lead: markup`Trajectories to learn from, teacher ${teacher.name} (${teacher.model}), seed ${seed}.
      ${hasReport ? markup`<a href="report.html">All samples</a>` : markup`All samples: codevision view ${name}`}`,
    main: markup`
          ${tiles([
            [count(kept), `kept of ${count(planned)} planned`],
            [percent(decided === 0 ? null : kept / decided), 'of those decided stood up to verification'],
            [count(corrected), 'kept after another attempt'],
            [
              percent(summary.skeletons.largestShare),
              `share of the most frequent of ${count(summary.skeletons.different)} reasonings`,
            ],
            [
              count(Math.round(summary.visualTokens?.mean ?? 0)),
              'visual tokens a trajectory, 28 × 28 pixels each',
            ],
          ])}
          <h2>What is in it</h2>
          <div class="panels">
            ${[typePanel(summary), turnPanel(summary), panel('Tools the sandbox observed', countBars(summary.tools))]}
          </div>
          <h2>Types by transformation</h2>
          <section class="panel scroll">${crossTable(summary)}</section>
          <h2>Lengths and losses</h2>
          <div class="panels">
            ${[
              panel('Lengths', lengthTable(summary)),
              panel('What went wrong on purpose', orNothing(summary.byProvocation, 'Nothing was provoked.')),
              panel('Dropped, by reason', orNothing(summary.dropped, 'Nothing was dropped.')),
              panel(
                'Given up before another was kept',
                orNothing(summary.rejectedAttempts, 'The first attempt was always kept.'),
              ),
              panel(
                'Rows that offered nothing',
                orNothing(summary.unused, `Every one of ${count(summary.rows)} rows could be used.`),
              ),
            ]}
          </div>
          <h2>Examples</h2>
          <p class="soft">The first of each kind. Green: the evidence; orange: what was cropped.</p>
          ${examples.map((sample) => exampleTrajectory({ sample, hasReport }))}
        `,
  })
}

function tiles(list: readonly (readonly [string, string])[]): Html {
  return markup`<div class="tiles">
    ${list.map(([number, label]) => markup`<div class="tile"><b>${number}</b><span>${label}</span></div>`)}
  </div>`
}

function typePanel({ byType }: CurationSummary): Html {
  const list = CURATION_TYPES.flatMap((type) => {
    const figures = byType[type]
    if (figures === undefined) return []
    const { decided, kept, corrected } = figures
    return [
      {
        label: type,
        parts: [
          { kind: 'kept' as const, value: kept - corrected },
          { kind: 'corrected' as const, value: corrected },
          { kind: 'dropped' as const, value: decided - kept },
        ],
        note: `${count(kept)} of ${count(decided)}`,
      },
    ]
  })
  return panel(
    'Types',
    markup`${bars(list)}
      <p class="legend">
        <span><i class="kept"></i>kept</span><span><i class="corrected"></i>corrected</span
        ><span><i class="dropped"></i>dropped</span>
      </p>`,
  )
}

function turnPanel({ turnCounts }: CurationSummary): Html {
  const entries = Object.entries(turnCounts).sort(([a], [b]) => Number(a) - Number(b))
  return panel(
    'Turns',
    bars(
      entries.map(([turns, value]) => ({
        label: `${turns} ${turns === '1' ? 'turn' : 'turns'}`,
        parts: [{ kind: 'plain' as const, value }],
        note: count(value),
      })),
    ),
  )
}

function crossTable({
  byType,
  byTypeAndTransform,
  byTransform,
  kept,
  turns,
  skeletons,
}: CurationSummary): Html {
  const types = CURATION_TYPES.filter((type) => byType[type] !== undefined)
  const most = Math.max(1, ...types.flatMap((type) => Object.values(byTypeAndTransform[type] ?? {})))
  return markup`<table>
    <thead>
      <tr>
        <th scope="col">Kept</th>
        ${SHORT.map((name) => markup`<th scope="col">${name}</th>`)}
        <th scope="col">all</th>
        <th scope="col">turns</th>
        <th scope="col">largest skeleton</th>
      </tr>
    </thead>
    <tbody>
      ${types.map(
        (type) =>
          markup`<tr>
            <td>${type}</td>
            ${TRANSFORMS.map((name) => {
              const value = byTypeAndTransform[type]?.[name] ?? 0
              const level = Math.ceil((value / most) * 8)
              return markup`<td class="heat-${level}">${value === 0 ? '' : count(value)}</td>`
            })}
            <td>${count(byType[type]?.kept ?? 0)}</td>
            <td>${mean(byType[type]?.turns ?? null)}</td>
            <td>${percent(skeletons.largestByType[type] ?? null)}</td>
          </tr>`,
      )}
      <tr>
        <td>all</td>
        ${TRANSFORMS.map((name) => markup`<td>${count(byTransform[name] ?? 0)}</td>`)}
        <td>${count(kept)}</td>
        <td>${mean(turns)}</td>
        <td>${percent(skeletons.largestShare)}</td>
      </tr>
    </tbody>
  </table>`
}

function lengthTable(summary: CurationSummary): Html {
  const rows: [string, Distribution | null][] = [
    ['turns', summary.turns],
    ['characters written', summary.characters],
    ['prompt tokens', summary.promptTokens],
    ['tokens written', summary.completionTokens],
    ['tokens to learn', summary.textTokens?.written ?? null],
    ['tokens of text', summary.textTokens?.conversation ?? null],
    ['visual tokens', summary.visualTokens],
  ]
  return markup`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th scope="col"></th>
          <th scope="col">median</th>
          <th scope="col">95 %</th>
          <th scope="col">most</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(([name, numbers]) =>
          numbers === null || numbers.total === 0
            ? null
            : markup`<tr>
                <td>${name}</td>
                <td>${count(numbers.median)}</td>
                <td>${count(numbers.p95)}</td>
                <td>${count(numbers.most)}</td>
              </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function orNothing(counts: Readonly<Record<string, number>>, nothing: string): Html {
  return Object.keys(counts).length === 0 ? markup`<p class="soft">${nothing}</p>` : countBars(counts)
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}

function mean(numbers: Distribution | null): string {
  return numbers === null ? '' : numbers.mean.toFixed(1)
}

function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`
}
