// What observing operations costs: the same calls with and without it, in turns, in one process.
//
//     npm run build && node benchmarks/perf/operations-overhead.mjs [--calls 100] [--gap 100] [--runtime auto] [--only rotate] [--quantile 0.5] [--json FILE]
//
// A call is measured from execute to its pixels in hand; `--gap` are the milliseconds of thinking between calls. The overhead is the difference
// of the medians; on a busy machine a lower quantile says more.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { openSandboxPool } from '../../dist/wiring.js'

const { values: options } = parseArgs({
  options: {
    calls: { type: 'string', default: '100' },
    gap: { type: 'string', default: '100' },
    runtime: { type: 'string', default: 'auto' },
    quantile: { type: 'string', default: '0.5' },
    only: { type: 'string' },
    json: { type: 'string' },
  },
})

const WORKS = {
  rotate: 'result = image.rotate(90, expand=True)',
  crop: 'w, h = image.size\nresult = image.crop((w // 4, h // 4, w * 3 // 4, h * 3 // 4))',
  slice: 'result = Image.fromarray(np.array(image)[::-1].copy())',
  contrast: 'result = ImageEnhance.Contrast(image).enhance(1.5)',
  cv2: 'result = Image.fromarray(cv2.GaussianBlur(np.array(image), (9, 9), 0))',
  resize: 'result = image.resize((image.width // 2, image.height // 2), Image.LANCZOS)',
  'crop, resize':
    'w, h = image.size\nresult = image.crop((0, 0, w // 2, h // 2)).resize((w, h), Image.LANCZOS)',
  loop: 'for i in range(200): image.crop((i, i, i + 8, i + 8))\nresult = image.rotate(180)',
}

const pools = await Promise.all(
  [true, false].map((observe) => openSandboxPool({ runtime: options.runtime, concurrency: 2, observe })),
)
const rows = []
try {
  for (const side of [256, 1024]) {
    const image = await picture(side)
    const sessions = await Promise.all(pools.map((pool) => pool.open([image])))
    for (const [work, code] of Object.entries(WORKS)) {
      if (options.only && options.only !== work) continue
      const times = [[], []]
      for (let call = -5; call < Number(options.calls); call += 1) {
        for (const which of call % 2 === 0 ? [0, 1] : [1, 0]) {
          const started = performance.now()
          const execution = await sessions[which].execute({ code })
          if (execution.status !== 'ok') throw new Error(execution.message)
          await execution.image.pixels()
          if (call >= 0) times[which].push(performance.now() - started)
          await pause(Number(options.gap))
        }
      }
      const [observed, plain] = times.map(quantile)
      const row = { work, side, observedMs: observed, plainMs: plain, overhead: observed / plain - 1 }
      rows.push(row)
      console.log(
        `${work.padEnd(13)} ${String(side).padStart(5)}²  ${plain.toFixed(2)} ms -> ${observed.toFixed(2)} ms  ${(row.overhead * 100).toFixed(1)} %`,
      )
    }
    await Promise.all(sessions.map((session) => session.close()))
  }
} finally {
  await Promise.all(pools.map((pool) => pool.close()))
}
if (options.json) {
  const machine = { processor: cpus()[0]?.model, processors: cpus().length }
  writeFileSync(
    options.json,
    `${JSON.stringify({ machine, date: new Date().toISOString(), rows }, null, 2)}\n`,
  )
}

function quantile(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * Number(options.quantile))]
}

/** Grain and shapes, as a photo has. */
async function picture(side) {
  const raw = { width: side, height: side, channels: 3 }
  const bytes = Buffer.alloc(side * side * 3)
  for (let index = 0; index < bytes.length; index += 1)
    bytes[index] = (Math.imul(index + 1, 2654435761) >>> 16) & 255
  return sharp(await sharp(bytes, { raw }).blur(4).normalise().raw().toBuffer(), { raw })
    .png()
    .toBuffer()
}
