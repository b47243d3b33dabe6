// Draws how each box signal grades a crop that slides away from its target.
// npm run build && node scripts/plot-box-signals.mjs OUT.svg
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { boxSignal } from '../dist/reward/box-signal.js'
import { svgFigure } from '../dist/report/svg-figure.js'
import { boxAreas } from '../dist/reward/boxes.js'

const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('Expected a file: node scripts/plot-box-signals.mjs OUT.svg')

/** Target of 100 × 100 pixels; a crop of `size` times its sides whose centre is `slide` target widths to the right. */
const target = [0, 0, 100, 100]
const cropOf = (size, slide) => {
  const [x, half] = [50 + 100 * slide, 50 * size]
  return [x - half, 50 - half, x + half, 50 + half]
}
const PANELS = [
  { panel: "crop of the target's size", size: 1 },
  { panel: 'crop of twice its sides', size: 2 },
  { panel: 'crop of half its sides', size: 0.5 },
]
const SIGNALS = {
  'iou (default)': (crop) => boxSignal({ signal: 'iou', target, crop }),
  graded: (crop) => boxSignal({ signal: 'graded', target, crop }),
  '(1 + GIoU) / 2, for comparison': (crop) => {
    const { intersection, union, hull } = boxAreas(target, crop)
    return (1 + intersection / union - (hull - union) / hull) / 2
  },
}
const COLOURS = ['#1a73e8', '#d93025', '#9aa0a6']
const SLIDES = Array.from({ length: 301 }, (_, step) => step / 100)

const points = PANELS.flatMap(({ panel, size }) =>
  Object.entries(SIGNALS).flatMap(([signal, grade]) =>
    SLIDES.map((slide) => ({ panel, signal, slide, grade: grade(cropOf(size, slide)) })),
  ),
)
/** The lines are named once, in the last panel, where there is room for it. */
const names = Object.keys(SIGNALS).map((signal, index) => ({
  panel: PANELS.at(-1).panel,
  signal,
  slide: 0.95,
  grade: 0.97 - 0.085 * index,
}))

const figure = await svgFigure((Plot) => ({
  width: 960,
  height: 360,
  marginLeft: 48,
  marginTop: 44,
  marginBottom: 44,
  fx: { domain: PANELS.map(({ panel }) => panel), label: null, padding: 0.08 },
  x: {
    label: 'centre of the crop, in target widths from that of the target',
    ticks: [0, 1, 2, 3],
    tickFormat: 'd',
  },
  y: { label: 'grade', domain: [0, 1], grid: true, ticks: 5 },
  color: { domain: Object.keys(SIGNALS), range: COLOURS },
  marks: [
    Plot.ruleY([0]),
    Plot.line(points, { fx: 'panel', x: 'slide', y: 'grade', stroke: 'signal', strokeWidth: 2 }),
    Plot.text(names, {
      fx: 'panel',
      x: 'slide',
      y: 'grade',
      text: 'signal',
      fill: 'signal',
      textAnchor: 'start',
      fontWeight: 600,
    }),
  ],
}))
await mkdir(dirname(out), { recursive: true })
await writeFile(out, figure)
