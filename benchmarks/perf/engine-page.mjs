import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { svgFigure } from '../../dist/report/svg-figure.js'

const COLOURS = { node: '#0b6e4f', wasm: '#e07a1f', torch: '#5b6b7f' }
const PANELS = {
  'decode 1': 'writing, 1 at once',
  'decode 8': 'writing, 8 at once',
  'decode 32': 'writing, 32 at once',
  prefill: 'reading a prompt',
  learning: 'learning',
}
const RATIO = { node: 1.5, wasm: 5 }

/** Write what bench:engine measured as a page of Markdown, with a figure beside it. */
export async function writeEnginePage({ report, work, page }) {
  const figure = join(dirname(page), 'images', 'engine-speed.svg')
  mkdirSync(dirname(figure), { recursive: true })
  writeFileSync(figure, await draw({ report, work }))
  const { processor, cores, node } = report.machine
  const lines = [
    '# Speed of the engine',
    '',
    '    npm run bench:engine                                       # beside transformers on torch, where `codevision setup python --torch` was run',
    '    npm run bench:engine -- --page docs/engine-speed.md',
    '',
    `Written by that command on ${new Date().toISOString().slice(0, 10)}: ${processor}, ${cores} cores, Node ${node}; best of ${report.rounds} rounds in which all engines take turns. The same checkpoints (Qwen2.5-VL's shape), tokens and images; float32; \`torch\` is transformers with scaled-dot-product attention on ${cores} threads.`,
    '',
    `![Tokens a second by engine and size of the model](${relative(dirname(page), figure)})`,
    '',
    `| model | engine | reading a prompt of ${work.prompt.length} tokens | ${work.counts.map((count) => `writing, ${count} at once`).join(' | ')} | a training step | training beside torch |`,
    `| --- | --- | --- | ${work.counts.map(() => '---').join(' | ')} | --- | --- |`,
    ...report.models.flatMap(({ parameters, engines }) =>
      Object.entries(engines).map(
        ([name, own]) =>
          `| ${(parameters / 1e6).toFixed(1)} million | \`${name}\` | ${own.prefill}/s | ${work.counts.map((count) => `${own[`decode ${count}`]}/s`).join(' | ')} | ${own.training} s | ${beside(own, engines.torch)} |`,
      ),
    ),
    '',
    `Speeds are tokens a second. Each prompt has an image of 64 visual tokens. Writing goes on for ${work.written} tokens after prompts of ${work.question.length}; a training step takes ${work.batch} sequences of ${work.lesson.length} tokens, each with an image, forwards, backwards and through AdamW, all parameters trained.`,
    '',
    'Goals:',
    '',
    ...goals(report),
    '',
  ]
  writeFileSync(page, lines.join('\n'))
}

function beside(own, torch) {
  return torch === undefined ? '' : `${(own.training / torch.training).toFixed(2)} ×`
}

function goals({ models }) {
  return models.flatMap(({ parameters, engines: { torch, ...own } }) => {
    if (torch === undefined) return []
    const size = `${(parameters / 1e6).toFixed(1)} million`
    return Object.entries(own).flatMap(([name, speeds]) => {
      const ratio = speeds.training / torch.training
      const training = `* ${ratio <= RATIO[name] ? 'reached' : 'MISSED '}  ${size}, training on ${name}: ${ratio.toFixed(2)} × the time of torch; goal: at most ${RATIO[name]} ×`
      const faster = speeds['decode 1'] / torch['decode 1']
      const writing = `* ${faster > 1 ? 'reached' : 'MISSED '}  ${size}, writing one conversation on ${name}: ${faster.toFixed(1)} × as fast as torch; goal: ahead`
      return [training, writing]
    })
  })
}

function draw({ report, work }) {
  const bars = report.models.flatMap(({ size, engines }) =>
    Object.entries(engines).flatMap(([engine, own]) =>
      Object.entries(PANELS).map(([what, panel]) => ({
        size,
        engine,
        panel,
        speed: what === 'learning' ? (work.batch * work.lesson.length) / own.training : own[what],
      })),
    ),
  )
  return svgFigure((Plot) => ({
    width: 1000,
    height: 420,
    marginLeft: 60,
    marginTop: 40,
    fx: { domain: Object.values(PANELS), label: null },
    fy: { domain: report.models.map(({ size }) => size), label: 'parameters' },
    x: { domain: Object.keys(COLOURS), label: null },
    y: {
      type: 'log',
      domain: [300, 50_000],
      label: 'tokens a second',
      grid: true,
      ticks: [1000, 10_000],
      tickFormat: '~s',
    },
    color: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
    marks: [
      Plot.rectY(bars, {
        fx: 'panel',
        fy: 'size',
        x: 'engine',
        y1: 300,
        y2: 'speed',
        fill: 'engine',
        inset: 3,
      }),
      Plot.text(bars, {
        fx: 'panel',
        fy: 'size',
        x: 'engine',
        y: 'speed',
        dy: -7,
        text: ({ speed }) => (speed < 10_000 ? (speed / 1000).toFixed(1) : Math.round(speed / 1000)) + ' k',
        fontSize: 10,
      }),
    ],
  }))
}
