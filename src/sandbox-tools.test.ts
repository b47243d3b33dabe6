import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import { UsageError } from './core/errors.js'
import type { Execution } from './core/execution.js'
import type { HostTool, ToolImage } from './core/host-tool.js'
import type { Sandbox } from './core/sandbox.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** Tools as every runtime must carry them; CODEVISION_TEST_RUNTIME names the one under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
const WIDTH = 6
const HEIGHT = 4
const PIXELS = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (index * 7) % 256))

const ended: string[] = []
let isClosed = false
let lastSignal: AbortSignal | undefined
/** Called when a tool that never answers is asked. */
let onAsked = (): void => undefined

const forever: HostTool = {
  parameters: {},
  result: 'json',
  limits: { timeoutMs: 200 },
  call: (_, { signal }) => {
    lastSignal = signal
    onAsked()
    return new Promise(() => undefined)
  },
}

const TOOLS: Record<string, HostTool> = {
  look: {
    description: 'Says what an image is.',
    parameters: { image: 'image', note: { type: 'string', optional: true } },
    result: 'json',
    call: async ({ image, note }) => {
      const { width, height, mode, pixels } = image as ToolImage
      return { width, height, mode, sum: pixels.reduce((total, byte) => total + byte, 0), note }
    },
  },
  both: {
    parameters: { first: 'image', second: 'image' },
    result: 'number',
    call: async ({ first, second }) => (first as ToolImage).width * 100 + (second as ToolImage).width,
  },
  negative: {
    parameters: { image: 'image' },
    result: 'image',
    call: async ({ image }) => {
      const { width, height, mode, pixels } = image as ToolImage
      return { width, height, mode, pixels: pixels.map((byte) => 255 - byte) }
    },
  },
  broken: {
    parameters: { how: { type: 'choice', choices: ['throw', 'lie'] } },
    result: 'string',
    call: async ({ how }) => {
      if (how === 'lie') return 5
      throw new Error('no luck today')
    },
    close: async () => {
      isClosed = true
    },
  },
  forever,
  patient: { ...forever, limits: { timeoutMs: 60_000 } },
  rare: { parameters: {}, result: 'number', limits: { maxCalls: 2, maxPerMinute: 3 }, call: async () => 1 },
}

let sandbox: Sandbox
let image: Buffer

beforeAll(async () => {
  image = await sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer()
  sandbox = await createSandbox({ runtime, tools: TOOLS })
})

afterAll(async () => {
  await sandbox.close()
  expect(isClosed).toBe(true)
})

async function run(
  code: string,
  { timeoutMs = 10_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Execution> {
  const session = await sandbox.open([image])
  try {
    return await session.execute({ code }, { timeoutMs, ...(signal && { signal }) })
  } finally {
    await session.close()
  }
}

function uses({ operations }: Execution) {
  return operations.flatMap(({ call, args, tool }) =>
    tool === undefined ? [] : [{ call, args, outcome: tool.outcome }],
  )
}

describe('code that asks a tool', () => {
  test('gets its result, and the use is recorded with the form of its arguments', async () => {
    const execution = await run('print(tools.look(image, note="hi"))\nresult = image.rotate(180)')
    const sum = PIXELS.reduce((total, byte) => total + byte, 0)
    expect(execution.stdout).toBe(`{'width': 6, 'height': 4, 'mode': 'RGB', 'sum': ${sum}, 'note': 'hi'}\n`)
    const args = [{ image: 'RGB 6×4', note: 'string of 2' }]
    expect(uses(execution)).toEqual([{ call: 'tools.look', args, outcome: 'ok' }])
    // What the code did to the pixels is told as ever.
    expect(execution.operations[0]).toMatchObject({ op: 'rotate_180', verified: true })
  })

  test('may hand over several images, cut and converted, and use an image that comes back', async () => {
    const session = await sandbox.open([image])
    await session.execute({ code: 'result = image.crop((0, 0, 2, 2))' })
    const code =
      'print(tools.both(images[0], images[1]), tools.look(images[1].convert("L"))["mode"])\nresult = tools.negative(images[1])'
    const execution = await session.execute({ code })
    expect(execution.stdout).toBe('602 L\n')
    if (execution.status === 'error') throw new Error(execution.message)
    const row = (y: number): number[] => [...PIXELS.subarray(y * WIDTH * 3, y * WIDTH * 3 + 6)]
    expect([...(await execution.image.pixels())]).toEqual([...row(0), ...row(1)].map((byte) => 255 - byte))
    await session.close()
  })

  test('leaves a smaller result than what it handed over, and a larger one', async () => {
    const code = (size: string): string => `tools.look(image)\nresult = Image.new("RGB", ${size}, "teal")`
    for (const [size, bytes] of [
      ['(1, 1)', 3],
      ['(40, 30)', 3_600],
    ] as const) {
      const session = await sandbox.open([image])
      const execution = await session.execute({ code: code(size) })
      expect(execution.status === 'ok' && (await execution.image.pixels()).length).toBe(bytes)
      await session.close()
    }
  })

  test.each([
    ['throw', 'tools.broken: no luck today'],
    ['lie', 'tools.broken: the tool did not give a string'],
  ])('meets a ToolError where the tool fails: %s', async (how, message) => {
    const execution = await run(`a = 1\ntools.broken("${how}")`)
    expect(execution).toMatchObject({ status: 'error', kind: 'runtime', type: 'ToolError', message, line: 2 })
    expect(uses(execution)).toEqual([{ call: 'tools.broken', args: [{ how }], outcome: 'failed' }])
  })

  test('may go on without the tool', async () => {
    const code = 'try:\n  tools.broken("throw")\nexcept ToolError as error:\n  print(error)'
    expect(await run(code)).toMatchObject({ status: 'ok', stdout: 'tools.broken: no luck today\n' })
  })

  test('is told where a tool takes too long, and the tool is told to stop', async () => {
    const execution = await run('tools.forever()')
    expect(execution).toMatchObject({
      type: 'ToolError',
      message: 'tools.forever did not answer within 0.2 s',
    })
    expect(uses(execution)).toMatchObject([{ outcome: 'timeout' }])
    expect(lastSignal?.aborted).toBe(true)
  })

  test('ends at its own deadline, whatever its tools still do', async () => {
    const execution = await run('tools.patient()', { timeoutMs: 300 })
    expect(execution).toMatchObject({ status: 'error', kind: 'timeout' })
    expect(uses(execution)).toMatchObject([{ call: 'tools.patient', outcome: 'unfinished' }])
    expect(lastSignal?.aborted).toBe(true)
  })

  test('can be aborted meanwhile', async () => {
    const abort = new AbortController()
    lastSignal = undefined
    onAsked = () => abort.abort()
    await expect(run('tools.patient()', { signal: abort.signal })).rejects.toThrow('abort')
    expect(lastSignal).toMatchObject({ aborted: true })
    onAsked = () => undefined
  })

  test('is refused what it asks too often, in a call and in a minute', async () => {
    const often = await run('for _ in range(3): tools.rare()')
    expect(often).toMatchObject({ type: 'ToolError', message: 'tools.rare may be used 2 times in one call' })
    expect(uses(often)).toHaveLength(2)
    const again = await run('for _ in range(2): tools.rare()')
    expect(again).toMatchObject({
      type: 'ToolError',
      message: 'tools.rare was used 3 times in the last minute, as often as it may be; do without it',
    })
    expect(uses(again).map(({ outcome }) => outcome)).toEqual(['ok', 'refused'])
  })

  test('sees no other tool than those that are listed', async () => {
    expect(await run('tools.shell("id")')).toMatchObject({
      type: 'AttributeError',
      message: "there is no tool 'shell'; there are: look, both, negative, broken, forever, patient, rare",
    })
  })

  test('many calls at once each get their own answers', async () => {
    const sizes = Array.from({ length: 12 }, (_, index) => index + 1)
    const executions = await Promise.all(
      sizes.map((size) =>
        run(`print([tools.look(image.resize((${size}, n)))["width"] * n for n in range(1, 6)])`),
      ),
    )
    expect(executions.map(({ stdout }) => stdout)).toEqual(
      sizes.map((size) => `[${[1, 2, 3, 4, 5].map((n) => size * n).join(', ')}]\n`),
    )
  })
})

describe('a sandbox', () => {
  test('counts the sessions of one user together in what a tool may be used, however many are opened', async () => {
    const few: HostTool = {
      parameters: {},
      result: 'number',
      limits: { maxPerMinute: 4 },
      call: async () => 1,
    }
    const shared = await createSandbox({ runtime, tools: { few } })
    const usedBy = async (user: string): Promise<unknown> => {
      const session = await shared.open([image], { user })
      const execution = await session.execute({ code: 'for _ in range(4): tools.few()' })
      await session.close()
      return uses(execution).map(({ outcome }) => outcome)
    }
    try {
      expect(await usedBy('greedy')).toEqual(['ok', 'ok', 'refused'])
      expect(await usedBy('greedy')).toEqual(['refused'])
      expect(await usedBy('modest')).toEqual(['ok', 'refused'])
    } finally {
      await shared.close()
    }
  })

  test('without tools gives code none', async () => {
    const without = await createSandbox({ runtime, standby: false })
    const session = await without.open([image])
    expect(await session.execute({ code: 'tools.look(image)' })).toMatchObject({ type: 'NameError' })
    expect(await session.execute({ code: 'ToolError' })).toMatchObject({ type: 'NameError' })
    await without.close()
  })

  test('of profile release takes no tools', async () => {
    const opened = createSandbox({ runtime, profile: 'release', tools: TOOLS })
    await expect(opened).rejects.toBeInstanceOf(UsageError)
    await expect(opened).rejects.toThrow('expected no `tools`, got look')
  })

  test('does not start where a tool cannot, and closes those that did', async () => {
    const tool = (name: string, open: () => Promise<void>): HostTool => ({
      ...forever,
      open,
      close: async () => void ended.push(name),
    })
    const tools = {
      one: tool('one', async () => undefined),
      two: tool('two', async () => {
        throw new Error('no engine')
      }),
    }
    await expect(createSandbox({ runtime, tools, standby: false })).rejects.toThrow('no engine')
    expect(ended).toEqual(['one', 'two'])
  })
})
