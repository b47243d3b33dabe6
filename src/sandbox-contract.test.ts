import { ImageError } from './core/errors.js'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp, { type Sharp } from 'sharp'
import type { Execution, ExecutionFailed, ExecutionOk } from './core/execution.js'
import type { SandboxImage } from './core/image.js'
import type { Sandbox, SandboxSession } from './core/sandbox.js'
import { testRuntime } from './config/test-runtime.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** What every runtime must do alike; CODEVISION_TEST_RUNTIME names the one under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

const WIDTH = 6
const HEIGHT = 4
/** Every pixel differs from every other. */
const PIXELS = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (index * 7) % 256))

let sandbox: Sandbox
let release: Sandbox
let image: Buffer

beforeAll(async () => {
  image = await sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer()
  ;[sandbox, release] = await Promise.all([
    createSandbox({ runtime, limits: { maxInputPixels: 4e6, maxResultPixels: 4e6 } }),
    createSandbox({ runtime, profile: 'release' }),
  ])
})

afterAll(async () => {
  await sandbox.close()
  await release.close()
})

async function withSession<T>(
  action: (session: SandboxSession) => Promise<T>,
  from: Sandbox = sandbox,
): Promise<T> {
  const session = await from.open([image])
  try {
    return await action(session)
  } finally {
    await session.close()
  }
}

function run(code: string, from: Sandbox = sandbox, timeoutMs = 10_000): Promise<Execution> {
  return withSession((session) => session.execute({ code }, { timeoutMs }), from)
}

function failed(execution: Execution): ExecutionFailed {
  if (execution.status !== 'error') throw new Error('expected an error, got an image')
  return execution
}

function succeeded(execution: Execution): ExecutionOk {
  if (execution.status !== 'ok')
    throw new Error(`expected an image, got ${execution.kind}: ${execution.message}`)
  return execution
}

/** The call on a new session after something went wrong: the right pixels, as ever. */
async function expectTheNextCallIsRight(): Promise<void> {
  await withSession(async (session) => {
    const { image: turned } = succeeded(await session.execute({ code: 'result = image.rotate(180)' }))
    const expected = Buffer.concat(
      Array.from({ length: WIDTH * HEIGHT }, (_, index) => pixel(WIDTH * HEIGHT - 1 - index)),
    )
    expect(await turned.pixels()).toEqual(expected)
  })
}

const pixel = (index: number): Buffer => PIXELS.subarray(index * 3, index * 3 + 3)

describe('a call', () => {
  test('returns the image that the code left in result, pixel by pixel', async () => {
    await withSession(async (session) => {
      const execution = succeeded(await session.execute({ code: 'result = image.crop((1, 1, 3, 2))' }))
      expect(execution).toMatchObject({
        unchanged: false,
        imageIndex: 1,
        operations: [
          { op: 'crop', call: 'Image.crop', args: [[1, 1, 3, 2]], box: [1, 1, 3, 2], verified: true },
        ],
      })
      expect(execution.image).toMatchObject({ width: 2, height: 1, mode: 'RGB', sourceMode: 'RGB' })
      expect(await execution.image.pixels()).toEqual(Buffer.concat([pixel(WIDTH + 1), pixel(WIDTH + 2)]))
      const decoded = await sharp(await execution.image.png())
        .raw()
        .toBuffer()
      expect(decoded).toEqual(await execution.image.pixels())
    })
  })

  test('encodes an image once for all who ask while its file is held', async () => {
    await withSession(async (session) => {
      const { image: result } = succeeded(await session.execute({ code: 'result = image.rotate(90)' }))
      const [file, another] = await Promise.all([result.png(), result.png()])
      expect(another).toBe(file)
      expect(await result.png()).toBe(file)
      await session.close()
      await expect(result.png()).rejects.toThrow('session.close()')
    })
  })

  test('finds results of earlier calls by their index, and all of them in images', async () => {
    await withSession(async (session) => {
      await session.execute({ code: 'result = image.crop((0, 0, 2, 2))' })
      const again = succeeded(
        await session.execute({ code: 'result = image.crop((1, 1, 2, 2))', imageIndex: 1 }),
      )
      expect(await again.image.pixels()).toEqual(pixel(WIDTH + 1))
      const all = succeeded(
        await session.execute({ code: 'print([i.size for i in images]); result = images[2]' }),
      )
      expect(all.stdout).toBe('[(6, 4), (2, 2), (1, 1)]\n')
      expect(session.images).toHaveLength(4)
    })
  })

  test('runs over an image that was added, and one that cannot be decoded leaves the session as it was', async () => {
    const session = await sandbox.open([])
    try {
      await expect(session.add(Buffer.from('no image'), { name: 'notes.txt' })).rejects.toThrow(ImageError)
      const nothing = await session.execute({ code: 'result = image' })
      expect(failed(nothing)).toMatchObject({ kind: 'runtime', type: 'IndexError' })
      const call = async (): Promise<Execution> => session.execute({ code: 'result = image.rotate(180)' })
      // In the order in which they were asked for.
      const [first, turned, second] = await Promise.all([session.add(image), call(), session.add(image)])
      expect([first, succeeded(turned).imageIndex, second]).toEqual([0, 1, 2])
      expect(await session.images[2]?.pixels()).toEqual(PIXELS)
      const all = succeeded(await session.execute({ code: 'result = images[1]', imageIndex: 2 }))
      expect((await all.image.pixels()).subarray(-3)).toEqual(pixel(0))
    } finally {
      await session.close()
    }
  })

  test('finds nothing of an image that was refused once it was decoded', async () => {
    const full = new Error('there is no room')
    const admit = ({ width, height }: SandboxImage): void => {
      expect([width, height]).toEqual([WIDTH, HEIGHT])
      throw full
    }
    const turned = sharp(image).rotate(180).png()
    const other = await turned.toBuffer()
    const before = sandbox.stats?.()
    await expect(sandbox.open([image], { admit })).rejects.toBe(full)
    expect(sandbox.stats?.()).toMatchObject({ sessions: before?.sessions, bytes: before?.bytes })
    await withSession(async (session) => {
      const { bytes } = sandbox.stats?.() ?? {}
      await expect(session.add(other, { admit })).rejects.toBe(full)
      expect(sandbox.stats?.().bytes).toBe(bytes)
      expect(session.images).toHaveLength(1)
      expect(succeeded(await session.execute({ code: 'result = image' })).imageIndex).toBe(1)
    })
  })

  test('says that it changed nothing', async () => {
    expect(succeeded(await run('pass')).unchanged).toBe(true)
  })

  test.each([
    ['result = image.convert("L")', 'L', 'L'],
    ['result = image.convert("1")', 'L', '1'],
    ['result = image.convert("CMYK")', 'RGB', 'CMYK'],
    ['result = image.convert("RGBA")', 'RGBA', 'RGBA'],
    ['result = image.convert("LA")', 'RGBA', 'LA'],
    ['result = image.quantize(4)', 'RGB', 'P'],
    ['result = image.convert("F")', 'L', 'F'],
    ['result = image.convert("HSV")', 'RGB', 'HSV'],
  ])('%s is delivered as %s', async (code, mode, sourceMode) => {
    expect(succeeded(await run(code)).image).toMatchObject({ mode, sourceMode })
  })

  test('reads NaN in a float image as black and clips what is out of range', async () => {
    await withSession(async (session) => {
      const code = 'result = Image.fromarray(np.array([[float("nan"), -5, 300, 99.6]], dtype=np.float32))'
      expect([...(await succeeded(await session.execute({ code })).image.pixels())]).toEqual([0, 0, 255, 100])
    })
  })

  test('is seeded, so that it answers the same each time', async () => {
    const code = 'import random\nprint(random.random(), np.random.rand(), hash("a"))'
    const first = (await run(code)).stdout
    expect((await run(code)).stdout).toBe(first)
    // Those of seed 0.
    expect(first).toMatch(/^0\.8444218515250481 0\.5488135039273248 /)
  })

  test('finds a pristine interpreter, whatever the one before it patched', async () => {
    await withSession(async (session) => {
      await session.execute({
        code: 'Image.Image.rotate = None\nPIL.Image.sys.modules["math"] = None\n__builtins__["len"] = None',
      })
      const after = await session.execute({
        code: 'import math\nresult = image.rotate(90, expand=True)\nprint(len("abc"))',
      })
      expect(succeeded(after).stdout).toBe('3\n')
    })
  })
})

describe('an error of the code', () => {
  test.each([
    [
      'a misspelt name',
      'result = imge.rotate(90)',
      { kind: 'runtime', type: 'NameError', line: 1, message: "name 'imge' is not defined" },
    ],
    [
      'an open parenthesis',
      'x = 1\n\nresult = image.rotate(90',
      { kind: 'syntax', line: 3, message: "'(' was never closed" },
    ],
    ['an import that is not allowed', 'import socket', { kind: 'policy', line: 1 }],
    ['code that is too long', '#' + 'x'.repeat(20_000), { kind: 'policy', line: null }],
    ['a number as the result', 'result = 42', { kind: 'result' }],
    [
      'an array as the result',
      'result = np.array(image)',
      { kind: 'result', message: expect.stringContaining('Image.fromarray') },
    ],
    [
      'a strip as the result',
      'result = Image.new("RGB", (400, 1))',
      { kind: 'result', width: 400, height: 1 },
    ],
    ['a result of 10 gigapixels', 'result = Image.new("L", (100_000, 100_000))', { kind: 'memory' }],
    [
      'a result past the limit',
      'result = Image.new("L", (3000, 3000))',
      { kind: 'result', message: expect.stringContaining('4,000,000') },
    ],
    ['a null byte', 'x = "a\0b"', { kind: 'syntax' }],
    ['a lone surrogate', 'x = "\ud800"', { kind: 'syntax' }],
    ['5,000 open parentheses', 'x = ' + '('.repeat(5_000), { kind: 'syntax' }],
    ['15,000 signs in a row', 'x = ' + '-'.repeat(15_000) + '1', { kind: 'syntax' }],
    ['endless recursion', 'def f(): f()\nf()', { kind: 'runtime', type: 'RecursionError', line: 1 }],
    ['SystemExit', 'raise SystemExit(3)', { kind: 'runtime', type: 'SystemExit', line: 1 }],
    [
      'an exception without a text',
      'class E(Exception):\n  def __str__(self): raise ValueError\nraise E',
      { kind: 'runtime', type: 'E', line: 3 },
    ],
    ['an array of 64 GiB', 'np.zeros(1 << 33)', { kind: 'memory', type: 'MemoryError' }],
  ])('%s is told', async (_name, code, expected) => {
    expect(failed(await run(code))).toMatchObject({ status: 'error', ...expected })
  })

  test('shows the frames of the code alone', async () => {
    const { traceback } = failed(await run('def turn(i):\n    return i.rotate("a")\nresult = turn(image)'))
    expect(traceback).toContain('File "<code>", line 2, in turn\n    return i.rotate("a")')
    expect(traceback).not.toMatch(/site|opt|python3/)
  })

  test('is bounded, whatever the code raised', async () => {
    const { message, traceback } = failed(await run('raise ValueError("x" * 1_000_000)'))
    expect(message.length).toBeLessThanOrEqual(4_000)
    expect(traceback.length).toBeLessThanOrEqual(8_000)
  })

  test('of an image index that is out of range is an IndexError', async () => {
    await withSession(async (session) => {
      for (const imageIndex of [1, 9, -1]) {
        expect(failed(await session.execute({ code: 'pass', imageIndex }))).toMatchObject({
          kind: 'runtime',
          type: 'IndexError',
        })
      }
    })
  })
})

describe('what the code prints', () => {
  test('comes back with the image and with the error, stderr in its place', async () => {
    const code = 'import warnings\nprint("one")\nwarnings.warn("two")\nprint("three")'
    expect((await run(code)).stdout).toMatch(/^one\n.*two\n(.*\n)?three\n$/s)
    expect((await run(`${code}\n1/0`)).stdout).toMatch(/one\n.*three\n/s)
  })

  test('keeps head and tail of a flood', async () => {
    const { stdout } = await run('print("first" + "x" * 2_000_000 + "last")')
    expect(stdout.length).toBeLessThanOrEqual(10_000)
    expect(stdout).toMatch(/^first.*last\n$/s)
  })

  test('may be no text at all', async () => {
    const { stdout } = await run('PIL.Image.os.write(1, b"\\xff\\xfe ok")\nprint("\\ud800")')
    expect(stdout).toBe('\ufffd\ufffd ok\\ud800\n')
  })

  test('before a deadline is kept', async () => {
    const execution = failed(await run('print("so far", end="")\nwhile True: pass', sandbox, 300))
    expect(execution).toMatchObject({ kind: 'timeout', stdout: 'so far' })
  })
})

/** Reaches the os module that Pillow imported: what the import rule guides, containment must hold. */
const OS = 'os = PIL.Image.os\nsys = PIL.Image.sys\n'

/** Speaks to the host in the worker's place: every frame carries the number that the worker was given. */
function forged(body: string): string {
  return `${OS}import json
caller = sys._getframe()
while 'nonce' not in caller.f_locals: caller = caller.f_back
body = ${JSON.stringify(body)}.encode()
os.write(3, b'CVW1' + caller.f_locals['nonce'].to_bytes(8, 'little') + len(body).to_bytes(4, 'little') + body)
while True: pass`
}

describe('an attack', () => {
  test.each([
    ['endless loop', 'while True: pass', { kind: 'timeout' }],
    [
      'endless loop inside except BaseException',
      'while True:\n  try:\n    while True: pass\n  except BaseException: pass',
      { kind: 'timeout' },
    ],
    ['a C call that ignores signals', '9 ** 9 ** 9', { kind: 'timeout' }],
    ['exit without a word', `${OS}os._exit(0)`, { kind: 'crash' }],
    ['abort', `${OS}os.abort()`, { kind: 'crash' }],
    ['segmentation fault', `${OS}sys.modules["ctypes"].string_at(0)`, { kind: 'crash' }],
    ['fork', `${OS}os.fork()`, { kind: 'runtime' }],
    ['kill of the parent', `${OS}os.kill(os.getppid(), 9)`, { kind: 'runtime', type: 'PermissionError' }],
    ['a socket', `${OS}sys.modules["socket"].socket()`, { kind: 'runtime', type: 'PermissionError' }],
    ['reading the host', 'open("/etc/passwd")', { kind: 'runtime', type: 'FileNotFoundError' }],
    [
      'writing outside of its own folder',
      'open("/tmp/x", "w")',
      { kind: 'runtime', type: 'PermissionError' },
    ],
    [
      'reading pixels of others',
      `${OS}print(os.listdir("/exchange"))`,
      { kind: 'runtime', type: 'PermissionError' },
    ],
    ['reading about other processes', 'open("/proc/1/status")', { kind: 'runtime', type: 'PermissionError' }],
    [
      'filling the disk',
      'f = open("x", "wb")\nwhile True: f.write(bytes(1 << 20))',
      { kind: 'runtime', type: 'OSError' },
    ],
    ['a forged answer of a wrong type', forged('{"status": "ok", "mode": []}'), { kind: 'output' }],
    [
      'a forged answer without its pixels',
      forged(
        '{"status": "ok", "mode": "RGB", "sourceMode": "RGB", "width": 9, "height": 9, "unchanged": true}',
      ),
      { kind: 'output' },
    ],
    [
      'a forged report of a broken machine',
      forged('{"status": "broken", "message": "x"}'),
      { kind: 'output' },
    ],
    [
      'a forged deadline',
      forged(
        '{"status": "error", "kind": "timeout", "type": null, "message": "", "traceback": "", "line": null}',
      ),
      { kind: 'output' },
    ],
    [
      'a signal without a name',
      `${OS}import itertools\nos.kill(os.getpid(), 35)`,
      { kind: 'runtime', type: 'PermissionError' },
    ],
    ['files by the thousand', 'for i in range(10_000_000): open(str(i), "w").close()', { kind: 'memory' }],
    ['a malformed answer', `${OS}os.write(3, b"x" * 4096)\nwhile True: pass`, { kind: 'output' }],
    [
      'an answer that announces 4 GB',
      `${OS}os.write(3, b"CVW1" + bytes(8) + b"\\xff" * 4)\nwhile True: pass`,
      { kind: 'output' },
    ],
  ])('by %s gets its verdict, and the next call is right', async (_name, code, expected) => {
    expect(failed(await run(code, sandbox, 1_000))).toMatchObject(expected)
    await expectTheNextCallIsRight()
  })

  test('cannot see the environment, the bridge or another user', async () => {
    const { stdout } = await run(`${OS}print(hasattr(os, "JSPyBridge"), os.getuid() > 0, sorted(os.environ))`)
    expect(stdout).toMatch(/^False True \[/)
    expect(stdout).not.toMatch(/KEY|TOKEN|NODE/)
  })
})

describe('a session', () => {
  test('runs its calls in the order in which they came', async () => {
    await withSession(async (session) => {
      const calls = [300, 0, 100].map((delay, index) =>
        session.execute({ code: `import time\ntime.sleep(${delay / 1000})\nprint(${index})` }),
      )
      expect((await Promise.all(calls)).map((execution) => succeeded(execution).imageIndex)).toEqual([
        1, 2, 3,
      ])
    })
  })

  test('stays usable when a call is aborted, running or waiting', async () => {
    await withSession(async (session) => {
      const abort = new AbortController()
      const running = session.execute({ code: 'while True: pass' }, { signal: abort.signal })
      const waiting = session.execute({ code: 'pass' }, { signal: abort.signal })
      const last = session.execute({ code: 'print("still here")' })
      abort.abort()
      await expect(running).rejects.toMatchObject({ name: 'AbortError' })
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
      expect((await last).stdout).toBe('still here\n')
      expect(session.images).toHaveLength(2)
    })
  })

  test('is not held up by another whose code hangs', async () => {
    await withSession(async (hanging) => {
      const abort = new AbortController()
      const hung = hanging.execute({ code: 'while True: pass' }, { signal: abort.signal })
      await expectTheNextCallIsRight()
      abort.abort()
      await expect(hung).rejects.toMatchObject({ name: 'AbortError' })
    })
  })

  test('gives each of many concurrent callers its own result', async () => {
    const sizes = await Promise.all(
      Array.from({ length: 24 }, (_, index) =>
        withSession(
          async (session) =>
            succeeded(await session.execute({ code: `result = image.resize((${index + 1}, 3))` })).image
              .width,
        ),
      ),
    )
    expect(sizes).toEqual(Array.from({ length: 24 }, (_, index) => index + 1))
  })

  test('shows the model a copy within its bounds', async () => {
    await withSession(async (session) => {
      const view = await session.view(0, { minPixels: 96, maxPixels: 6_422_528 })
      expect([view.width, view.height]).toEqual([12, 8])
      expect(await session.view(0, { minPixels: 1, maxPixels: 24 })).toBe(session.images[0])
    })
  })

  test('says what to do when it is closed', async () => {
    const session = await sandbox.open([image])
    const [first] = session.images
    await session.close()
    await session.close()
    await expect(session.execute({ code: 'pass' })).rejects.toThrow('open another one')
    await expect(first?.pixels()).rejects.toThrow('read them before')
  })
})

describe('profile release', () => {
  test('converts the image of a file as the released environment does: only RGBA is pasted over white', async () => {
    const size = { width: 28, height: 28 }
    const of = (...value: number[]): Sharp =>
      sharp(Buffer.alloc(28 * 28 * value.length, Buffer.from(value)), {
        raw: { ...size, channels: value.length as 2 | 4 },
      })
    const files = [
      await of(100, 0).toColourspace('b-w').png().toBuffer(),
      await of(100, 100, 100, 0).png().toBuffer(),
    ]
    const first = async (from: Sandbox): Promise<(string | number | undefined)[][]> => {
      const session = await from.open(files)
      try {
        const { images } = session
        return await Promise.all(
          images.map(async (image) => [image.sourceMode, ...(await image.pixels()).subarray(0, 3)]),
        )
      } finally {
        await session.close()
      }
    }
    const white = [255, 255, 255]
    expect(await first(sandbox)).toEqual([
      ['LA', ...white],
      ['RGBA', ...white],
    ])
    expect(await first(release)).toEqual([
      ['LA', 100, 100, 100],
      ['RGBA', ...white],
    ])
  })

  test('hands an image to the code in multiples of 28', async () => {
    expect((await run('print(image.size)', release)).stdout).toBe('(84, 56)\n')
  })

  test('leaves the image as it was when only image is rebound', async () => {
    expect(succeeded(await run('image = image.crop((0, 0, 9, 9))', release)).image).toMatchObject({
      width: 84,
      height: 56,
    })
  })

  test('hides names of the code from its functions', async () => {
    expect(failed(await run('k = 1\nf = lambda: k\nf()', release))).toMatchObject({
      kind: 'runtime',
      message: "name 'k' is not defined",
    })
  })
})

describe('an image file', () => {
  const open = (bytes: Buffer): Promise<SandboxSession> => sandbox.open([bytes])

  async function pixelsOf(
    bytes: Buffer,
  ): Promise<{ pixels: number[]; sourceMode: string | undefined; isAnimated: boolean | undefined }> {
    const session = await open(bytes)
    try {
      const [first] = session.images
      const pixels = [...((await first?.pixels()) ?? [])]
      return { pixels, sourceMode: first?.sourceMode, isAnimated: first?.isAnimated }
    } finally {
      await session.close()
    }
  }

  test.each([
    ['empty', Buffer.alloc(0), 'empty'],
    ['no image', Buffer.from('hello, this is no image'), 'no image'],
    ['a decompression bomb', pngHeader(60_000, 60_000), '3,600,000,000 pixels'],
  ])('that is %s is refused with the reason', async (_name, bytes, reason) => {
    await expect(open(bytes)).rejects.toThrow(ImageError)
    await expect(open(bytes)).rejects.toThrow(reason)
  })

  test('that is cut off is refused as damaged', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * index * 31) % 251))
    const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer()
    await expect(open(whole.subarray(0, whole.length >> 1))).rejects.toThrow('damaged')
  })

  test('that is not there is named', async () => {
    await expect(sandbox.open(['/no/such/image.png'])).rejects.toThrow('/no/such/image.png cannot be read')
  })

  test('with alpha is pasted over white', async () => {
    const bytes = await sharp(Buffer.from([10, 20, 30, 0]), { raw: { width: 1, height: 1, channels: 4 } })
      .png()
      .toBuffer()
    expect(await pixelsOf(bytes)).toMatchObject({ pixels: [255, 255, 255], sourceMode: 'RGBA' })
  })

  test('in colour with 16 bits a channel keeps the upper 8, as Pillow reads it', async () => {
    const bytes = colour16Png([0x00ff, 0x64ff, 0xffff])
    expect(await pixelsOf(bytes)).toMatchObject({ pixels: [0, 100, 255], sourceMode: 'RGB' })
  })

  test('in grey with 16 bits is scaled by 1/257', async () => {
    expect(await pixelsOf(grey16Png([0, 257 * 100, 65_535]))).toMatchObject({
      pixels: [0, 0, 0, 100, 100, 100, 255, 255, 255],
      sourceMode: 'I;16',
    })
  })

  test('in CMYK becomes RGB', async () => {
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'white' } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer()
    const { pixels, sourceMode } = await pixelsOf(bytes)
    expect(sourceMode).toBe('CMYK')
    expect(Math.min(...pixels)).toBeGreaterThan(200)
  })

  test('in AVIF is read', async () => {
    const bytes = await sharp({ create: { width: 16, height: 16, channels: 3, background: 'white' } })
      .avif()
      .toBuffer()
    expect(Math.min(...(await pixelsOf(bytes)).pixels)).toBeGreaterThan(250)
  })

  test('that is animated gives its first frame, and says that there are more', async () => {
    const frames = await Promise.all(
      ['red', 'blue'].map((background) =>
        sharp({ create: { width: 4, height: 4, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    )
    const bytes = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    expect(await pixelsOf(bytes)).toMatchObject({ isAnimated: true })
    expect((await pixelsOf(bytes)).pixels.slice(0, 3)).toEqual([255, 0, 0])
    expect(await pixelsOf(frames[0] ?? Buffer.alloc(0))).toMatchObject({ isAnimated: false })
  })

  test('keeps its pixels where EXIF asks for a turn', async () => {
    const bytes = await sharp({ create: { width: 20, height: 10, channels: 3, background: 'green' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const session = await open(bytes)
    expect(session.images[0]).toMatchObject({ width: 20, height: 10 })
    await session.close()
  })
})

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

function crc32(data: Buffer): number {
  let crc = ~0
  for (const byte of data) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

function png({
  width,
  height,
  depth,
  colourType = 0,
  rows,
}: {
  width: number
  height: number
  depth: number
  /** 0: grey; 2: red, green and blue. */
  colourType?: 0 | 2
  rows: Buffer
}): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  header[9] = colourType
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A PNG that claims a size and holds next to nothing. */
function pngHeader(width: number, height: number): Buffer {
  return png({ width, height, depth: 8, rows: Buffer.alloc(10) })
}

/** One row of 16-bit greys. */
function grey16Png(values: number[]): Buffer {
  return png({ width: values.length, height: 1, depth: 16, rows: row16(values) })
}

/** One row of pixels in 16-bit red, green and blue. */
function colour16Png(values: number[]): Buffer {
  return png({ width: values.length / 3, height: 1, depth: 16, colourType: 2, rows: row16(values) })
}

function row16(values: number[]): Buffer {
  const row = Buffer.alloc(1 + values.length * 2)
  values.forEach((value, index) => row.writeUInt16BE(value, 1 + index * 2))
  return row
}

describe('what cannot be used', () => {
  test.each([
    ['a deadline without end', { code: 'pass' }, { timeoutMs: Infinity }, /timeoutMs: .*got Infinity/],
    ['a deadline past what a timer holds', { code: 'pass' }, { timeoutMs: 2 ** 31 }, /timeoutMs/],
    ['a negative deadline', { code: 'pass' }, { timeoutMs: -1 }, /timeoutMs: .*got -1/],
    ['an index between two images', { code: 'pass', imageIndex: 0.5 }, {}, /imageIndex: .*got 0\.5/],
    ['code that is no text', { code: 7 as unknown as string }, {}, /code: .*got 7/],
  ])('in a call: %s', async (_name, call, options, message) => {
    await withSession(async (session) => {
      await expect(session.execute(call, options)).rejects.toThrow(message)
      await expect(session.execute(call, options)).rejects.toMatchObject({ name: 'UsageError' })
    })
  })

  test.each([
    ['hosts', { hosts: 0 }],
    ['concurrency', { concurrency: NaN }],
    ['limits.memoryBytes', { limits: { memoryBytes: NaN } }],
    ['limits.maxResultPixels', { limits: { maxResultPixels: Infinity } }],
  ])('in a sandbox: %s', async (option, options) => {
    await expect(createSandbox({ runtime, ...options })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(option),
    })
  })
})

test('code of 60 MB is refused at once', async () => {
  expect(failed(await run('#'.repeat(60 << 20)))).toMatchObject({ kind: 'policy' })
  await expectTheNextCallIsRight()
})

test('a storm of aborts leaves the host in order and no file behind', async () => {
  await withSession(async (session) => {
    for (let round = 0; round < 10; round += 1) {
      const abort = new AbortController()
      const others = await Promise.all(Array.from({ length: 6 }, () => sandbox.open([image])))
      const calls = others.map((other) =>
        other.execute({ code: 'result = image.rotate(90)' }, { signal: abort.signal }),
      )
      setTimeout(() => abort.abort(), round)
      await Promise.allSettled(calls)
      await Promise.all(others.map((other) => other.close()))
    }
    succeeded(await session.execute({ code: 'result = image.rotate(90)' }))
  })
  await expectTheNextCallIsRight()
})

describe('what code does to its images cannot harm who looks at it', () => {
  test.each([
    "result = Image.new('RGB', (0, 0)).crop((0, 0, 6, 4))",
    "result = Image.new('RGB', (6, 0)).resize((6, 4))",
    "result = Image.new('RGB', (0, 0)).transform((6, 4), Image.Transform.EXTENT, (0, 0, 6, 4))",
    'result = image.transform((6, 4), Image.Transform.AFFINE, (1e12, 0, 0, 0, 1e12, 0))\nfor _ in range(40):\n    result = result.transform((6, 4), Image.Transform.AFFINE, (1e12, 1e12, 0, 1e12, 1e12, 0))',
    "result = image.rotate(float('nan'))",
    'result = image.resize((6, 4), box=tuple(np.float32([1, 1, 5, 3])))',
  ])('%s', async (code) => {
    for (const from of [sandbox, release]) {
      const execution = await run(code, from)
      expect(execution).toMatchObject({ status: 'ok' })
      expect(Array.isArray(execution.operations)).toBe(true)
    }
  })

  test('half of a surrogate pair in an error is told as what cannot be read', async () => {
    expect(failed(await run(String.raw`raise ValueError('x\ud83dx')`))).toMatchObject({
      type: 'ValueError',
      message: 'x\ufffdx',
    })
  })

  test('an error whose name has as many characters as may be, of any kind, is told', async () => {
    const { type } = failed(await run("raise type('\u{1d400}' * 300, (Exception,), {})()"))
    expect([...(type ?? '')]).toHaveLength(200)
  })
})
