import { markup, type Html } from '../page/markup.js'
import { PAGE_STYLE } from '../page/page-style.js'
import type { TrainingCurves } from '../training-curves.js'
import { curvePanels, type CurvePanel } from './curve-panels.js'
import { curveColour, panelFigure } from './panel-figure.js'
import { staticPage } from '../page/static-page.js'

/** A training of several that follow each other. */
export interface TrainedStage {
  readonly name: string
  /** What it is, in a sentence. */
  readonly about: string
  readonly curves: TrainingCurves
}

const STYLE = `${PAGE_STYLE}
.panels { margin-top: 12px; }
.panel img { width: 100%; height: auto; background: #fff; border-radius: 6px; }
.legend { flex-wrap: wrap; gap: 4px 14px; margin: 0 0 8px; }
.legend svg { width: 10px; height: 10px; margin-right: 5px; }
`

/** Curves of trainings that follow each other, as one page without a script that holds everything. */
export async function curvesPage({
  title,
  stages,
}: {
  title: string
  stages: readonly TrainedStage[]
}): Promise<string> {
  const sections: Html[] = []
  for (const stage of stages) sections.push(await stageSection(stage))
  return staticPage({
    title,
    style: STYLE,
    images: 'within',
    heading: title,
    lead: markup`Each stage begins with the model that the one before it ended with. Where a training has many steps, a point is the mean of several.`,
    main: markup`${sections}`,
  })
}

async function stageSection({ name, about, curves }: TrainedStage): Promise<Html> {
  const panels: Html[] = []
  for (const panel of curvePanels(curves.figures.map(([figure]) => figure)))
    panels.push(await panelSection({ panel, training: curves }))
  return markup`<section>
    <h2>${name}</h2>
    <p class="soft">${about}</p>
    <div class="panels">${panels}</div>
  </section>`
}

async function panelSection({
  panel,
  training,
}: {
  panel: CurvePanel
  training: TrainingCurves
}): Promise<Html> {
  const { title, curves } = panel
  const address = `data:image/svg+xml;base64,${Buffer.from(await panelFigure({ panel, training })).toString('base64')}`
  return markup`<section class="panel">
    <h3>${title}</h3>
    ${
      curves.length > 1
        ? markup`<p class="legend">${curves.map(
            ({ label }, at) =>
              markup`<span><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10" fill="${curveColour(at)}" /></svg>${label}</span>`,
          )}</p>`
        : null
    }
    <img src="${address}" alt="${inWords({ panel, training })}" />
  </section>`
}

/** The first and the last value of each curve. */
function inWords({ panel, training }: { panel: CurvePanel; training: TrainingCurves }): string {
  const values = new Map(training.figures)
  const told = panel.curves.map(({ name, label }) => {
    const own = (values.get(name) ?? []).filter((value) => value !== null)
    return `${label} from ${short(own[0])} to ${short(own.at(-1))}`
  })
  return `${panel.title}: ${told.join(', ')}`
}

function short(value: number | undefined): string {
  return value === undefined ? 'nothing' : String(Number(value.toPrecision(3)))
}
