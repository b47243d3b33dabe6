import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { svgFigure } from '../../dist/report/svg-figure.js'
import { PARTS } from './grpo-steps.mjs'

const GOAL = 0.1
const NAMES = {
  rollout: 'rollouts: the model, or both',
  sandbox: 'rollouts: nothing but the sandbox',
  reward: 'reward',
  train: 'training',
  rest: 'rest',
}
const COLOURS = {
  rollout: '#0b6e4f',
  sandbox: '#e07a1f',
  reward: '#c8b400',
  train: '#3d5a98',
  rest: '#9aa5b1',
}
/** Where the words of the legend stand. */
const LEGEND = [0, 200, 430, 510, 590]

/** Print what bench:grpo measured. */
export function tellGrpo(report) {
  console.log(`\n${report.model}, ${report.config}\n`)
  for (const line of [...stepsTable(report), '', ...figures(report)]) console.log(line)
  if (report.steps.length < report.asked) console.log(`\n${cutWords(report)}`)
}

/** Write it as a page of Markdown, with a figure beside it. */
export async function writeGrpoPage({ report, page }) {
  const figure = join(dirname(page), 'images', 'grpo-speed.svg')
  mkdirSync(dirname(figure), { recursive: true })
  writeFileSync(figure, await draw(report))
  const { machine, settings, date, model, config, steps } = report
  const { batch, groupSize, concurrency, turns, reward } = settings
  const lines = [
    '# Speed of a GRPO step',
    '',
    '    npm run bench:grpo -- --page docs/grpo-speed.md',
    '',
    `Written by that command on ${date}: ${machine.processor}, ${machine.cores} cores, Node ${machine.node}. ${steps.length} steps of \`codevision train grpo ${config}\` from \`${model}\`: ${batch} prompts × ${groupSize} rollouts, ${concurrency} at the same time, at most ${turns} turns, reward \`${reward}\`, calls in the real sandbox, the engine \`${report.engine}\`${report.engine === 'tfjs' ? ' in the same process' : ''}. The first step warms up and is in no mean.${report.steps.length < report.asked ? ` ${cutWords(report)}` : ''}`,
    '',
    `![Seconds of each step by what they were spent on](${relative(dirname(page), figure)})`,
    '',
    ...stepsTable(report),
    '',
    ...figures(report),
    '',
    ...EXPLANATION,
    '',
  ]
  writeFileSync(page, lines.join('\n'))
}

/** Of a training that was ended before all its steps were taken. */
export function cutWords({ steps, asked }) {
  return `The training was ended at its deadline: ${steps.length} of ${asked} steps.`
}

/** A line a step and their mean, in Markdown: what the seconds were spent on. */
export function stepsTable({ steps, mean }) {
  const row = (name, of) =>
    `| ${[name, seconds(of.step), ...PARTS.map((part) => seconds(of[part])), count(of.toolCalls, 2), share(of.toolErrorRate), count(of.accuracy, 3)].join(' | ')} |`
  return [
    `| step | seconds | ${PARTS.map((part) => NAMES[part]).join(' | ')} | calls a rollout | failed calls | accuracy |`,
    `|${' --- |'.repeat(PARTS.length + 5)}`,
    ...steps.map((of, at) => row(at === 0 ? '1 (warms up)' : at + 1, of)),
    ...(mean === null ? [] : [row('**mean**', mean)]),
  ]
}

function figures({ mean, agreement }) {
  if (mean === null) return ['The step that warms up is in no mean, and there is no other.']
  const verdict = mean.aloneShare < GOAL ? 'reached' : 'MISSED'
  return [
    '| | |',
    '| --- | --- |',
    `| the step waits for nothing but the sandbox | ${share(mean.aloneShare)} of its time by the clock (goal: under ${share(GOAL)}, ${verdict}) |`,
    `| some rollout is in the sandbox | ${share(mean.busyShare)} of its time by the clock |`,
    `| waiting for the sandbox, of what all places of the rollouts have together | ${share(mean.waitingShare)} |`,
    `| rollouts | ${count(mean.trajectoriesPerSecond, 2)} trajectories and ${count(mean.tokensPerSecond, 0)} sampled tokens a second, ${count(mean.tokensSampled, 0)} tokens a rollout |`,
    `| rollouts that the machine failed | ${count(mean.failed, 1)} of ${count(mean.ended + mean.failed, 0)} a step |`,
    ...(agreement === null ? [] : agreementRows(agreement)),
  ]
}

function agreementRows(of) {
  return [
    `| \`tfjs\` and \`torch\`, the same checkpoint, float32: sampled at one seed | ${of.sampledAlike} of ${of.conversations} answers are the same token by token |`,
    `| … log-probabilities of ${of.tokens} sampled tokens | differ by at most ${of.logprobs.toExponential(1)} |`,
    `| … ${of.steps} steps over them, all weights | losses differ by at most ${of.losses.toExponential(1)}, gradient norms by ${(of.gradientNorms * 100).toExponential(1)} % |`,
  ]
}

const EXPLANATION = [
  '## What is counted',
  '',
  'Rollouts run beside each other, so the time in the sandbox has no single share in a step. Three are told:',
  '',
  '* **Nothing but the sandbox** (`seconds/sandboxAlone`): time by the clock in which at least one rollout waits for the sandbox and none for the model. It is what a sandbox without any delay would spare the step, at the most; the goal is set on it.',
  '* **Some rollout is in the sandbox** (`seconds/sandboxBusy`): the same, whatever the others do. Where the model writes meanwhile, nobody waits for it.',
  '* **Of all places**: what each rollout has waited, added up (`seconds/sandbox`), over rollout time × rollouts at the same time. Opening a session, calls, and making the views that the model sees are in it; so is the time in which this process computes the model and comes to read a result later. It is too high rather than too low.',
  '',
  'A call takes processor time of the same cores as the model here: on a machine with a GPU both run at once. `reward` is the analysis of calls and the sums; scoring of answers belongs to the rollouts. `rest` is reading rows, metrics and whatever else the loop does; checkpoints are not in a step.',
]

function draw({ steps }) {
  const bars = steps.flatMap((of, at) =>
    PARTS.map((part) => ({ step: `step ${at + 1}`, part: NAMES[part], seconds: of[part] })),
  )
  return svgFigure((Plot) => ({
    width: 900,
    height: 60 + 34 * steps.length,
    marginLeft: 60,
    marginTop: 40,
    x: { label: 'seconds', grid: true },
    y: { label: null, domain: steps.map((_, at) => `step ${at + 1}`) },
    color: {
      ...{ legend: false, domain: PARTS.map((part) => NAMES[part]) },
      range: PARTS.map((part) => COLOURS[part]),
    },
    marks: [
      Plot.barX(bars, { y: 'step', x: 'seconds', fill: 'part', inset: 2 }),
      // The legend, since one made by the package is HTML.
      ...PARTS.map((part, at) =>
        Plot.text([`■ ${NAMES[part]}`], {
          ...{ frameAnchor: 'top-left', textAnchor: 'start', lineAnchor: 'bottom', fill: COLOURS[part] },
          ...{ dx: LEGEND[at], dy: -12 },
        }),
      ),
    ],
  }))
}

function seconds(value) {
  return value < 1 ? value.toFixed(3) : value.toFixed(1)
}

function share(value) {
  return `${(value * 100).toFixed(1)} %`
}

function count(value, digits) {
  return value.toFixed(digits)
}
