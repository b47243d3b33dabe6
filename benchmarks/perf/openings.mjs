// What the beginning of a GRPO step asks of the sandbox: a group of sessions over each picture, opened side by side, each with its first view, one call and
// the view of its result. Tells the time by the clock and the processor time of everything below this process, per session; a round with pictures that all
// differ stands beside it.
//
//     npm run build && node benchmarks/perf/openings.mjs [--pictures 16] [--group 8] [--places 64] [--size 512] [--view 16384] [--rounds 5] [--gap 0] [--runtime auto] [--json FILE]
//
// `--gap` are the milliseconds of thinking between a session's first view and its call. Medians of the rounds; the first round warms up.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import PQueue from 'p-queue'
import sharp from 'sharp'
import { machine } from '../../dist/benchmark/machine.js'
import { processorSecondsBelow } from '../../dist/benchmark/process-tree.js'
import { createSandbox } from '../../dist/index.js'

const { values: options } = parseArgs({
  options: {
    pictures: { type: 'string', default: '16' },
    group: { type: 'string', default: '8' },
    places: { type: 'string', default: '64' },
    size: { type: 'string', default: '512' },
    view: { type: 'string', default: '16384' },
    rounds: { type: 'string', default: '5' },
    gap: { type: 'string', default: '0' },
    runtime: { type: 'string', default: 'auto' },
    json: { type: 'string' },
  },
})
const { pictures, group, places, size, view, rounds, gap } = Object.fromEntries(
  Object.entries(options).map(([name, value]) => [name, Number(value)]),
)
const bounds = { minPixels: view, maxPixels: view }
const CODE = 'result = image.crop((0, 0, image.width // 2, image.height // 2))'

const sandbox = await createSandbox({ runtime: options.runtime })
try {
  const { runtime } = await sandbox.versions()
  // The spare host starts meanwhile.
  await pause(3000)
  const figures = { groups: [], singles: [] }
  for (let round = 0; round <= Number(rounds); round += 1) {
    const groups = await measure({ of: pictures, each: group })
    const singles = await measure({ of: pictures * group, each: 1 })
    if (round === 0) continue
    figures.groups.push(groups)
    figures.singles.push(singles)
  }
  const report = {
    ...{ date: new Date().toISOString().slice(0, 10), machine: machine(), runtime, load: loadavg()[0] },
    settings: { pictures, group, places, size, view, rounds, gap },
    groups: medians(figures.groups),
    singles: medians(figures.singles),
  }
  console.log(
    `${runtime}, ${pictures} pictures of ${size}² × ${group} sessions, ${places} at a time, load ${report.load.toFixed(1)}`,
  )
  tell(`${group} sessions a picture`, report.groups)
  tell('a picture for each session', report.singles)
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`)
} finally {
  await sandbox.close()
}

/** One round; times in milliseconds per session. */
async function measure({ of, each }) {
  const files = await Promise.all(Array.from({ length: of }, () => picture()))
  const queue = new PQueue({ concurrency: places })
  const opened = []
  const called = []
  const [below, own] = [processorSecondsBelow(), process.cpuUsage()]
  const started = performance.now()
  const sessions = files.flatMap((file) => Array.from({ length: each }, () => file))
  await Promise.all(
    sessions.map((file) =>
      queue.add(async () => {
        const begun = performance.now()
        const session = await sandbox.open([file])
        try {
          await session.view(0, bounds)
          opened.push(performance.now() - begun)
          await pause(gap)
          const asked = performance.now()
          const result = await session.execute({ code: CODE })
          if (result.status !== 'ok') throw new Error(result.message)
          await session.view(result.imageIndex, bounds)
          called.push(performance.now() - asked)
        } finally {
          await session.close()
        }
      }),
    ),
  )
  const clock = performance.now() - started
  // Workers that have answered are ended a moment later.
  await pause(500)
  const { user, system } = process.cpuUsage(own)
  return {
    clock: clock / sessions.length,
    sandbox: ((processorSecondsBelow() - below) * 1000) / sessions.length,
    controller: (user + system) / 1000 / sessions.length,
    opening: median(opened),
    call: median(called),
  }
}

function medians(all) {
  return Object.fromEntries(Object.keys(all[0]).map((name) => [name, median(all.map((each) => each[name]))]))
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

function tell(what, { clock, sandbox: below, controller, opening, call }) {
  const ms = (value) => value.toFixed(1).padStart(6)
  console.log(
    `${what.padEnd(28)} per session: clock ${ms(clock)} ms, processor ${ms(below)} ms in the sandbox and ${ms(controller)} in the controller; median opening ${ms(opening)} ms, call ${ms(call)} ms`,
  )
}

/** A board's kind of picture: areas of one colour, digits' worth of detail, and no two alike. */
async function picture() {
  const noise = randomBytes(32 * 32 * 3)
  return sharp(noise, { raw: { width: 32, height: 32, channels: 3 } })
    .resize(size, size, { kernel: 'nearest' })
    .png()
    .toBuffer()
}
