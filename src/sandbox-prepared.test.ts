import { setTimeout as think } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import type { ExecutionOk } from './core/execution.js'
import type { SandboxSession } from './core/sandbox.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** What must hold for a call whose worker was made ready while nobody called; it must hold as well when there was no time for that. */
const THINKING_MS = 200
const WIDTH = 40
const HEIGHT = 30
const PIXELS = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (index * 7) % 251))

let sandbox: Awaited<ReturnType<typeof createSandbox>>
let session: SandboxSession

beforeAll(async () => {
  sandbox = await createSandbox({ runtime: (testRuntime() ?? 'auto') as RuntimeChoice })
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
  session = await sandbox.open([await sharp(PIXELS, { raw }).png().toBuffer()])
})

afterAll(async () => {
  await sandbox.close()
})

async function run(
  code: string,
  options: { imageIndex?: number; timeoutMs?: number } = {},
): Promise<ExecutionOk> {
  await think(THINKING_MS)
  const { imageIndex = 0, timeoutMs } = options
  const execution = await session.execute({ code, imageIndex }, timeoutMs === undefined ? {} : { timeoutMs })
  if (execution.status !== 'ok')
    throw new Error(`expected an image, got ${execution.kind}: ${execution.message}`)
  return execution
}

describe('a call after a pause', () => {
  test('is given the image that it names, whichever was expected', async () => {
    const cropped = await run('result = image.crop((1, 0, 3, 1))')
    const again = await run('result = image.rotate(180)', { imageIndex: cropped.imageIndex })
    expect(await again.image.pixels()).toEqual(Buffer.concat([PIXELS.subarray(6, 9), PIXELS.subarray(3, 6)]))
    const first = await run('result = image.crop((0, 0, 1, 1))')
    expect(await first.image.pixels()).toEqual(PIXELS.subarray(0, 3))
  })

  test('finds an untouched image and an untouched interpreter', async () => {
    const spoil = 'image.paste("red", (0, 0, 40, 30))\nImage.Image.rotate = None\n__builtins__["len"] = None'
    await run(spoil)
    const { image, unchanged } = await run('result = image.rotate(0); len([])')
    expect(await image.pixels()).toEqual(PIXELS)
    expect(unchanged).toBe(true)
  })

  test('prints and draws lots as one that comes at once', async () => {
    const code = 'import random\nprint(random.random(), np.random.rand(), hash("a"))'
    const { stdout } = await run(code)
    const atOnce = await session.execute({ code })
    expect(atOnce.stdout).toBe(stdout)
  })

  test('may have more time than calls have by default', async () => {
    await run('import time\ntime.sleep(0.1)\nresult = image', { timeoutMs: 60_000 })
  })

  test('sees all images when it asks for them', async () => {
    const { stdout } = await run('print(len(images), images[0].getpixel((0, 0)))\nresult = image')
    expect(stdout).toBe(`${session.images.length - 1} (0, 7, 14)\n`)
  })

  test('leaves a result of its own size, though more was laid by for it', async () => {
    const { image } = await run('result = image.resize((3, 2)).convert("L")')
    expect(await image.pixels()).toHaveLength(6)
  })
})

test('calls that come back to back take prepared workers before these are ready, and none has to be made again', async () => {
  const code = 'result = image.rotate(90, expand=True)'
  const before = sandbox.stats?.().retries
  for (let call = 0; call < 40; call += 1) {
    const execution = await session.execute({ code }, { timeoutMs: call % 2 === 0 ? 3_000 : 60_000 })
    expect(execution.status).toBe('ok')
  }
  expect(sandbox.stats?.().retries).toBe(before)
})
