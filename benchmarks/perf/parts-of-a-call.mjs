// Where the time of a call goes, by calls that differ in one part each, in turns, in one process; and the processor time of the processes that serve them.
//
//     npm run build && node benchmarks/perf/parts-of-a-call.mjs [--calls 100] [--gap 100] [--size 1024] [--runtime auto] [--json FILE]
//
// `--gap` are the milliseconds of thinking before each call. Medians; a part is the difference of two of them.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { randomFillSync } from 'node:crypto'
import sharp from 'sharp'
import { createSandbox } from '../../dist/index.js'

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '100' },
    gap: { type: 'string', default: '100' },
    size: { type: 'string', default: '1024' },
    runtime: { type: 'string', default: 'auto' },
    json: { type: 'string' },
  },
})
const side = Number(options.size)
const ROTATE = 'result = image.rotate(90, expand=True)'

/** Each does a little more than the one before. */
const CALLS = [
  { name: 'the way there and back: `pass` over one pixel', side: 1, code: 'pass' },
  { name: `rotate, result of one pixel, ${side}²`, side, code: `${ROTATE}.crop((0, 0, 1, 1))` },
  { name: `rotate, result written, ${side}²`, side, code: ROTATE },
  { name: `rotate, result written and fetched, ${side}²`, side, code: ROTATE, fetches: true },
  { name: `the same, no time to prepare, ${side}²`, side, code: ROTATE, fetches: true, hurries: true },
]

const sandbox = await createSandbox({ runtime: options.runtime })
try {
  const { runtime } = await sandbox.versions()
  const sessions = await Promise.all(CALLS.map(async (call) => sandbox.open([await picture(call.side)])))
  // The spare host starts meanwhile.
  await pause(3000)
  const times = CALLS.map(() => [])
  for (let round = -5; round < Number(options.calls); round += 1) {
    for (const [index, { code, fetches, hurries }] of CALLS.entries()) {
      const session = sessions[index]
      await pause(Number(options.gap))
      if (hurries) await session.execute({ code: 'pass' })
      const started = performance.now()
      const execution = await session.execute({ code })
      if (execution.status !== 'ok') throw new Error(execution.message)
      if (fetches) await execution.image.pixels()
      if (round >= 0) times[index].push(performance.now() - started)
    }
  }
  const rows = CALLS.map(({ name }, index) => ({
    name,
    p50Ms: median(times[index]),
    p95Ms: at(times[index], 0.95),
  }))
  console.log(
    `${runtime}, ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
  for (const { name, p50Ms, p95Ms } of rows)
    console.log(
      `${name.padEnd(56)} p50 ${p50Ms.toFixed(2).padStart(6)} ms   p95 ${p95Ms.toFixed(2).padStart(6)} ms`,
    )
  if (options.json)
    writeFileSync(
      options.json,
      `${JSON.stringify({ date: new Date().toISOString(), runtime, rows }, null, 2)}\n`,
    )
} finally {
  await sandbox.close()
}

function median(values) {
  return at(values, 0.5)
}

function at(values, share) {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
}

async function picture(size) {
  const pixels = randomFillSync(Buffer.alloc(size * size * 3))
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer()
}
