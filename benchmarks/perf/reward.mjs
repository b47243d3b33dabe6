// How fast groups are scored under `release` from recorded analyses, beside a plain loop in Python over the same groups (peers/reward_loop.py). Both run in one
// thread, on groups that are in memory already, and keep no result; every component of every rollout must be the same.
//
//     npm run bench:reward -- [--groups 20000] [--rollouts 8] [--rounds 7] [--seed 1] [--python python3] [--json FILE]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { machine } from '../../dist/benchmark/machine.js'
import { rewardSchema } from '../../dist/config/reward-schema.js'
import { scoreGroup } from '../../dist/reward/score-group.js'

const { values: options } = parseArgs({
  options: {
    groups: { type: 'string', default: '20000' },
    rollouts: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string' },
  },
})
const GOAL = 20_000
const TOOLS = [
  'rotate_90',
  'rotate_180',
  'rotate_270',
  'flip_horizontal',
  'flip_vertical',
  'crop',
  'crop',
  'contrast_up',
  'sharpen',
  'resize',
]
const REQUIRED = [
  null,
  ['crop'],
  ['rotate_270', 'crop'],
  ['rotate_90', 'crop'],
  ['flip_vertical', 'crop'],
  ['rotate_180'],
]

const random = generator(Number(options.seed))
const groups = Array.from({ length: Number(options.groups) }, (_, index) => randomGroup(index))
const rollouts = groups.reduce((sum, group) => sum + group.rollouts.length, 0)
const parameters = rewardSchema.parse({ variant: 'release' })
const rounds = Number(options.rounds)

let checksum = 0
const seconds = Array.from({ length: rounds }, () => {
  const started = performance.now()
  for (const group of groups)
    for (const { reward } of scoreGroup({ group, parameters }).rollouts) checksum += reward.total
  return (performance.now() - started) / 1000
})
const python = runPeer()
if (!(Math.abs(checksum - python.checksum) <= 1e-6 * rollouts * rounds))
  throw new Error(`Sums of totals: ${checksum} here, ${python.checksum} there.`)

const rows = [
  { peer: 'codevision', does: 'components and reasons', ...rates(seconds) },
  { peer: 'plain Python loop', does: 'components', ...rates(python.seconds) },
]
const place = machine()
const date = new Date().toISOString()
console.log(`${place.processor}, ${place.cores} cores, Node ${place.node}, Python ${python.version}; ${date}`)
console.log(
  `${groups.length} groups, ${rollouts} rollouts, ${python.compared} numbers compared: all the same. Median of ${rounds} rounds.`,
)
for (const { peer, does, groupsPerSecond, rolloutsPerSecond } of rows) {
  console.log(
    `${peer.padEnd(18)} ${whole(groupsPerSecond)} groups/s ${whole(rolloutsPerSecond)} rollouts/s  (${does})`,
  )
}
const [own, peer] = rows.map(({ rolloutsPerSecond }) => rolloutsPerSecond)
console.log(
  `${(own / peer).toFixed(1)} times the plain loop; goal of ${GOAL} rollouts/s ${own >= GOAL ? 'met' : 'missed'}`,
)
if (options.json) {
  const figures = {
    machine: place,
    date,
    python: python.version,
    groups: groups.length,
    rollouts,
    rounds,
    seed: Number(options.seed),
    goal: GOAL,
    rows,
  }
  writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`)
}
process.exitCode = own >= GOAL ? 0 : 100

function runPeer() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-reward-'))
  try {
    const [source, out] = [join(folder, 'groups.jsonl'), join(folder, 'rewards.jsonl')]
    writeFileSync(source, groups.map((group) => `${JSON.stringify(group)}\n`).join(''))
    const script = fileURLToPath(new URL('peers/reward_loop.py', import.meta.url))
    const answer = JSON.parse(
      execFileSync(options.python, [script, source, out, options.rounds], { encoding: 'utf8' }),
    )
    const lines = readFileSync(out, 'utf8').trimEnd().split('\n')
    if (lines.length !== groups.length)
      throw new Error(`${groups.length} groups here, ${lines.length} there.`)
    const compared = lines.reduce((sum, line, index) => sum + compare(groups[index], JSON.parse(line)), 0)
    return { seconds: answer.seconds, version: answer.python, checksum: answer.checksum, compared }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Every component that the loop computes must equal ours to 1e-12. */
function compare(group, other) {
  let count = 0
  for (const [place, { reward }] of scoreGroup({ group, parameters }).rollouts.entries()) {
    for (const [name, value] of Object.entries(other[place])) {
      const got = name === 'total' ? reward.total : reward.parts[name]
      if (!(Math.abs(got - value) <= 1e-12))
        throw new Error(`Group ${group.key}, rollout ${place}: ${name} is ${got} here, ${value} there.`)
      count += 1
    }
  }
  return count
}

function rates(times) {
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]
  return {
    medianSeconds: median,
    groupsPerSecond: groups.length / median,
    rolloutsPerSecond: rollouts / median,
  }
}

function whole(value) {
  return Math.round(value).toLocaleString('en').padStart(11)
}

/** A group as trainings see them: up to five calls a rollout, some of which fail, crops near the target and far from it. */
function randomGroup(index) {
  const box = random() < 0.8 ? randomBox() : null
  return {
    key: `task-${index}`,
    requiredTools: pick(REQUIRED),
    box,
    rollouts: Array.from({ length: Number(options.rollouts) }, (_, epoch) => ({
      key: `task-${index}#${epoch}`,
      correct: random() < 0.5,
      formatOk: random() < 0.9,
      calls: Array.from({ length: Math.floor(random() * 5) }, () => randomCall(box)),
    })),
  }
}

function randomCall(box) {
  const transforms = Array.from({ length: 1 + Math.floor(random() * 2) }, () => pick(TOOLS))
  const cropBoxes = transforms.includes('crop')
    ? [box !== null && random() < 0.6 ? box.map((value) => value + Math.floor(random() * 20)) : randomBox()]
    : []
  return { ok: random() < 0.85, transforms, cropBoxes }
}

function randomBox() {
  const [left, top] = [Math.floor(random() * 900), Math.floor(random() * 900)]
  return [left, top, left + 21 + Math.floor(random() * 100), top + 21 + Math.floor(random() * 100)]
}

function pick(values) {
  return values[Math.floor(random() * values.length)]
}

/** mulberry32: numbers in [0, 1) that are the same in every run. */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
