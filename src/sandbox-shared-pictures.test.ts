import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import type { Execution, ExecutionOk } from './core/execution.js'
import type { SandboxProfile } from './core/sandbox.js'
import { SandboxPool } from './sandbox/pool.js'
import { DEFAULT_LIMITS, resolveRuntime, type RuntimeChoice } from './wiring.js'

/** What must hold where several sessions are open over the same picture, as the rollouts of a group are; in every runtime. */
const WIDTH = 56
const HEIGHT = 56
const BYTES = WIDTH * HEIGHT * 3
/** Every pixel differs from its neighbours; the size is one that profile `release` leaves. */
const PIXELS = Buffer.from(Array.from({ length: BYTES }, (_, index) => (index * 7) % 251))
const TURN = 'result = image.rotate(180)'
const SMALL = { minPixels: 1, maxPixels: 100 }

const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
const image = await sharp(PIXELS, { raw }).png().toBuffer()
const another = await sharp(PIXELS, { raw }).negate().png().toBuffer()
const turned = await sharp(PIXELS, { raw }).rotate(180).raw().toBuffer()

const pools = {} as Record<SandboxProfile, SandboxPool>
/** The folder in which the pixels of each of the pools lie. */
const exchanges: Partial<Record<SandboxProfile, string>> = {}

const filesOf = (profile: SandboxProfile): Promise<string[]> => readdir(exchanges[profile] ?? '')

async function openPool(profile: SandboxProfile, maxBytes?: number): Promise<SandboxPool> {
  const runtime = await resolveRuntime((testRuntime() ?? 'auto') as RuntimeChoice)
  return SandboxPool.open({
    runtime: {
      ...runtime,
      start: (parameters) => {
        exchanges[profile] ??= parameters.exchange
        return runtime.start(parameters)
      },
    },
    ...{ profile, limits: DEFAULT_LIMITS, hosts: 1, concurrency: 4, standby: false },
    ...(maxBytes !== undefined && { maxBytes }),
  })
}

beforeAll(async () => {
  for (const profile of ['standard', 'release'] as const) pools[profile] = await openPool(profile)
})

afterAll(async () => {
  for (const pool of Object.values(pools)) await pool.close()
})

function succeeded(execution: Execution): ExecutionOk {
  if (execution.status !== 'ok')
    throw new Error(`expected an image, got ${execution.kind}: ${execution.message}`)
  return execution
}

const times = <T>(count: number, action: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, action))

describe('sessions over the same picture', () => {
  test('hold its pixels once while any of them is open, in whatever order they close', async () => {
    const pool = pools.standard
    const [first, ...others] = await times(8, () => pool.open([image]))
    const late = await pool.open([image])
    expect(pool.stats()).toMatchObject({ sessions: 9, bytes: BYTES })
    expect(await filesOf('standard')).toHaveLength(1)
    await first?.close()
    await expect(first?.images[0]?.pixels()).rejects.toThrow('closed')
    for (const session of others) expect(await session.images[0]?.pixels()).toEqual(PIXELS)
    await Promise.all(others.map((session) => session.close()))
    expect(await late.images[0]?.pixels()).toEqual(PIXELS)
    expect(await succeeded(await late.execute({ code: TURN })).image.pixels()).toEqual(turned)
    await late.close()
    await late.close()
    expect(pool.stats()).toMatchObject({ sessions: 0, bytes: 0 })
    expect(await filesOf('standard')).toEqual([])
  })

  test('share a view of the same bounds, and have others for other bounds', async () => {
    const pool = pools.standard
    const [first, second] = await Promise.all([pool.open([image]), pool.open([image, another])])
    const [one, two] = await Promise.all([first.view(0, SMALL), second.view(0, SMALL)])
    expect(await one.pixels()).toEqual(await two.pixels())
    expect(await filesOf('standard')).toHaveLength(3)
    const large = await first.view(0, { minPixels: 4 * BYTES, maxPixels: 8 * BYTES })
    const other = await second.view(1, SMALL)
    expect(large.width).toBeGreaterThan(WIDTH)
    expect(await other.pixels()).not.toEqual(await one.pixels())
    expect(await filesOf('standard')).toHaveLength(5)
    await first.close()
    await expect(one.pixels()).rejects.toThrow('closed')
    expect(await two.pixels()).toHaveLength(two.width * two.height * 3)
    await second.close()
    expect(await filesOf('standard')).toEqual([])
  })

  test('count once where memory for images is bounded', async () => {
    const pool = await openPool('standard', 1.5 * BYTES)
    try {
      const sessions = await times(8, () => pool.open([image]))
      await expect(pool.open([another])).rejects.toMatchObject({ name: 'SandboxError', isRetryable: true })
      await Promise.all(sessions.map((session) => session.close()))
      await (await pool.open([another])).close()
    } finally {
      await pool.close()
    }
  })
})

describe('an opening', () => {
  test('that is aborted harms none that waits for the same picture', async () => {
    const pool = pools.standard
    const leave = new AbortController()
    const leaving = [image, image].map((bytes) => pool.open([bytes], { signal: leave.signal }))
    const staying = times(3, () => pool.open([image]))
    leave.abort()
    for (const opening of leaving) await expect(opening).rejects.toMatchObject({ name: 'AbortError' })
    for (const session of await staying) {
      expect(await session.images[0]?.pixels()).toEqual(PIXELS)
      await session.close()
    }
    expect(pool.stats()).toMatchObject({ sessions: 0, bytes: 0 })
  })

  test('that is aborted by all who wait leaves nothing, and the next succeeds', async () => {
    const pool = pools.standard
    for (let round = 0; round < 5; round += 1) {
      const leave = new AbortController()
      const leaving = Promise.allSettled([1, 2].map(() => pool.open([image], { signal: leave.signal })))
      await new Promise((resolve) => setTimeout(resolve, round * 2))
      leave.abort()
      await Promise.all(
        (await leaving).map((opening) =>
          opening.status === 'fulfilled' ? opening.value.close() : undefined,
        ),
      )
    }
    const session = await pool.open([image])
    expect(await session.images[0]?.pixels()).toEqual(PIXELS)
    await session.close()
    expect(pool.stats()).toMatchObject({ sessions: 0, bytes: 0 })
  })

  test('of a file that is no picture is refused to each by its own name', async () => {
    const pool = pools.standard
    const broken = Buffer.from('no picture')
    const [alone, second] = await Promise.allSettled([pool.open([broken]), pool.open([image, broken])])
    expect(alone).toMatchObject({
      reason: { name: 'ImageError', message: expect.stringMatching(/^image 0 /) },
    })
    expect(second).toMatchObject({ reason: { message: expect.stringMatching(/^image 1 /) } })
    expect(pool.stats()).toMatchObject({ sessions: 0, bytes: 0 })
  })
})

/** Whatever a worker has open, written to by every way that it might try; what comes of the call itself is of no interest. */
const WRITE_TO_DESCRIPTORS = `
os = Image.os
found = 0
for number in range(4, 40):
    try:
        os.fstat(number)
        found += 1
    except OSError:
        continue
    for path in (f"/proc/self/fd/{number}", f"/dev/fd/{number}"):
        try:
            os.write(os.open(path, os.O_RDWR), b"x" * 64)
        except OSError:
            pass
    for write in (lambda: os.pwrite(number, b"x" * 64, 0), lambda: os.ftruncate(number, 0), lambda: os.fchmod(number, 0)):
        try:
            write()
        except OSError:
            pass
print("descriptors found:", found)
`

const CHANGES = {
  'paints over its image':
    'image.paste("red", (0, 0, 56, 56))\nimg.putpixel((0, 0), (1, 2, 3))\nresult = image',
  'draws on it': 'draw.rectangle((0, 0, 56, 56), fill="red")\nresult = image',
  'writes an array into it':
    'pixels = np.array(image)\npixels[:] = 0\nimage.frombytes(pixels.tobytes())\nresult = image',
}

describe.each(['standard', 'release'] as const)('in profile %s, code that', (profile) => {
  test.each(Object.entries(CHANGES))('%s changes no other session', async (_, code) => {
    const pool = pools[profile]
    const [writer, reader] = await Promise.all([pool.open([image]), pool.open([image])])
    const { image: changed } = succeeded(await writer.execute({ code }))
    expect(await changed.pixels()).not.toEqual(PIXELS)
    const [again, beside] = [await writer.execute({ code: TURN }), await reader.execute({ code: TURN })]
    expect(await succeeded(again).image.pixels()).toEqual(turned)
    expect(await succeeded(beside).image.pixels()).toEqual(turned)
    expect(await reader.images[0]?.pixels()).toEqual(PIXELS)
    await Promise.all([writer.close(), reader.close()])
  })
})

test('code that writes to whatever it finds open changes no picture', async () => {
  const pool = pools.standard
  const [writer, reader] = await Promise.all([pool.open([image]), pool.open([image])])
  // In a worker that was made ready, and in one that was not: the picture and the file for the result.
  for (const session of [writer, writer, reader])
    expect((await session.execute({ code: WRITE_TO_DESCRIPTORS })).stdout).toMatch(/found: [2-9]/)
  expect(await succeeded(await reader.execute({ code: TURN })).image.pixels()).toEqual(turned)
  expect(await reader.images[0]?.pixels()).toEqual(PIXELS)
  await Promise.all([writer.close(), reader.close()])
  expect(await filesOf('standard')).toEqual([])
})
