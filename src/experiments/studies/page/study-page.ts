import type { GrpoConfig } from '../../../config/training-schema.js'
import { panel } from '../../../report/curation/figures.js'
import { markup, type Html } from '../../../report/page/markup.js'
import { staticPage } from '../../../report/page/static-page.js'
import { findingsOf } from '../findings.js'
import type { MeasuredArms } from '../measured-arm.js'
import { MEASURES } from '../measures.js'
import type { Study } from '../study.js'
import { transformFigures } from '../transform-figures.js'
import { accuracyFigure } from './accuracy-figure.js'
import { armColour } from './arm-colours.js'
import { armName } from './arm-name.js'
import { curvePanels } from './curve-panels.js'
import { heatMap } from './heat-map.js'
import { heldOutTable } from './held-out-table.js'
import { measureTable } from './measure-table.js'
import { paperPanel } from './paper-panel.js'
import { picture } from './picture.js'
import { settingsSection } from './settings-section.js'
import { STUDY_STYLE } from './study-style.js'
import { transformTable } from './transform-table.js'
import { verdictPanel } from './verdict-panel.js'

/** The page of a study: the paper's statement beside what was found, curves, tables, settings. One file without a script, also of a study that is not finished. */
export async function studyPage({
  study,
  measured,
  base,
  command,
  seeds,
  folder,
  output,
}: {
  study: Study
  measured: MeasuredArms
  base: GrpoConfig
  /** That made it. */
  command: string
  /** That were asked for. */
  seeds: number
  /** Where the page lies, absolute, and as the user named it. */
  folder: string
  output: string
}): Promise<string> {
  const curves = await curvePanels({ study, measured })
  const missing = study.arms.length * seeds - [...measured.values()].flat().length
  return staticPage({
    title: `${study.title} · study ${study.name}`,
    style: STUDY_STYLE,
    images: 'within',
    heading: study.title,
    lead: markup`Study ${study.name}, ${seeds === 1 ? 'one seed' : `${seeds} seeds`}.${missing === 0 ? '' : ` Not finished: ${missing} of ${study.arms.length * seeds} arms and seeds are missing.`}`,
    main: markup`
          <div class="pair">${[paperPanel(study), verdictPanel(findingsOf({ study, measured }))]}</div>
          <h2>Accuracy after training</h2>
          <div class="pair">
            ${panel('Mean over transformations, 95 % over tasks', await accuracyPicture({ study, measured }))}
            ${study.grid === undefined ? null : panel('Grid', grids({ study, measured }))}
          </div>
          <section class="panel scroll">${transformTable({ study, measured })}</section>
          ${study.heldOut === undefined ? null : markup`<section class="panel scroll">${heldOutTable({ study, measured, heldOut: study.heldOut })}</section>`}
          <section class="panel scroll">${measureTable({ study, measured })}</section>
          ${
            curves.length === 0
              ? null
              : markup`<h2>Over the steps of the training</h2>
                <p class="arms">${study.arms.map(({ name, arm }, place) => (arm.kind === 'trained' ? markup`<span>${armName({ name, place })}</span>` : null))}</p>
                <div class="panels">${curves}</div>`
          }
          <h2>Settings</h2>
          <section class="panel">${settingsSection({ study, measured, base, command, folder, output })}</section>
        `,
  })
}

async function accuracyPicture({ study, measured }: { study: Study; measured: MeasuredArms }): Promise<Html> {
  const arms = study.arms.map(({ name }, place) => ({
    name,
    colour: armColour(place),
    average: transformFigures({ measure: MEASURES.accuracy, seeds: measured.get(name) ?? [] }).average,
  }))
  return picture({
    svg: await accuracyFigure(arms),
    alt: 'Accuracy of each arm with its interval; figures are in the table below',
  })
}

function grids({ study, measured }: { study: Study; measured: MeasuredArms }): Html {
  const { grid } = study
  if (grid === undefined) return markup``
  return markup`${(['accuracy', 'toolTurns'] as const).map((measure) => markup`<div class="scroll">${heatMap({ grid, measure, measured })}</div>`)}`
}
