import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { testRuntime } from './config/test-runtime.js'
import type { Execution, Operation } from './core/execution.js'
import type { Sandbox, SandboxSession } from './core/sandbox.js'
import { createSandbox, type RuntimeChoice } from './wiring.js'

/** What calls tell of what they did, through the real sandbox; CODEVISION_TEST_RUNTIME names the one under test. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice

const WIDTH = 308
const HEIGHT = 224
const WHOLE = [0, 0, WIDTH, HEIGHT]
/** A photo's worth of detail in every part, none of it alike. */
const DETAIL = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, noise))

function noise(_: unknown, index: number): number {
  return (Math.imul(index + 1, 2654435761) >>> 16) & 255
}

let sandbox: Sandbox
let release: Sandbox
let image: Buffer

beforeAll(async () => {
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const
  const smooth = await sharp(DETAIL, { raw }).blur(3).normalise().raw().toBuffer()
  image = await sharp(smooth, { raw }).png().toBuffer()
  ;[sandbox, release] = await Promise.all([
    createSandbox({ runtime }),
    createSandbox({ runtime, profile: 'release' }),
  ])
})

afterAll(async () => {
  await Promise.all([sandbox.close(), release.close()])
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

async function run(code: string, from: Sandbox = sandbox): Promise<Execution> {
  return withSession((session) => session.execute({ code }), from)
}

async function operationsOf(code: string, from: Sandbox = sandbox): Promise<Operation[]> {
  const execution = await run(code, from)
  if (execution.status === 'error')
    throw new Error(`expected an image, got ${execution.kind}: ${execution.message}`)
  return execution.operations
}

const verified = (operations: Operation[]): string[] =>
  operations.filter((operation) => operation.verified).flatMap(({ op }) => op ?? [])

const turns: [code: string, ...ops: string[]][] = [
  ['result = image.rotate(90, expand=True)', 'rotate_90'],
  ['result = image.rotate(-90, expand=True)', 'rotate_270'],
  ['result = image.rotate(450, expand=1)', 'rotate_90'],
  ['result = image.rotate(angle=180)', 'rotate_180'],
  ['result = image.rotate(90)', 'rotate_90'],
  ['angle = 360 - 90\nresult = image.rotate(angle, expand=True)', 'rotate_270'],
  ['result = image.rotate(93, expand=True, resample=Image.BICUBIC)', 'rotate_90'],
  ['result = image.transpose(Image.ROTATE_90)', 'rotate_90'],
  ['result = image.transpose(Image.Transpose.ROTATE_180)', 'rotate_180'],
  ['from PIL.Image import Transpose\nresult = image.transpose(method=Transpose.ROTATE_270)', 'rotate_270'],
  ['result = image.transpose(Image.FLIP_LEFT_RIGHT)', 'flip_horizontal'],
  ['result = image.transpose(1)', 'flip_vertical'],
  [
    'result = image.transpose(Image.Transpose.TRANSPOSE).transpose(Image.Transpose.FLIP_TOP_BOTTOM)',
    'rotate_90',
  ],
  ['result = image.transpose(Image.FLIP_LEFT_RIGHT).transpose(Image.TRANSPOSE)', 'rotate_90'],
  ['result = ImageOps.mirror(image)', 'flip_horizontal'],
  ['from PIL import ImageOps as ops\nresult = ops.flip(image)', 'flip_vertical'],
  ['from PIL.ImageOps import mirror\nresult = mirror(mirror(mirror(image)))', 'flip_horizontal'],
  ['result = getattr(image, "ro" + "tate")(180)', 'rotate_180'],
  ['turn = image.rotate\nresult = turn(90, expand=True)', 'rotate_90'],
  [
    'def fix(i, times):\n  for _ in range(times):\n    i = i.rotate(90, expand=True)\n  return i\nresult = fix(image, 1)',
    'rotate_90',
  ],
  ['result = Image.Image.rotate(image, 180)', 'rotate_180'],
  ['[globals().__setitem__("result", i.rotate(180)) for i in [image]]', 'rotate_180'],
  ['result = Image.fromarray(np.rot90(np.array(image)))', 'rotate_90'],
  ['result = Image.fromarray(np.rot90(np.array(image), k=-1))', 'rotate_270'],
  ['result = Image.fromarray(np.rot90(np.asarray(image), 2).copy())', 'rotate_180'],
  ['result = Image.fromarray(np.fliplr(image))', 'flip_horizontal'],
  ['result = Image.fromarray(np.flipud(np.array(image)))', 'flip_vertical'],
  ['result = Image.fromarray(np.flip(np.array(image), axis=(0, 1)))', 'rotate_180'],
  ['result = Image.fromarray(np.array(image)[:, ::-1])', 'flip_horizontal'],
  ['result = Image.fromarray(np.array(image)[::-1, ::-1].copy())', 'rotate_180'],
  ['result = Image.fromarray(np.ascontiguousarray(np.array(image).transpose(1, 0, 2)[::-1]))', 'rotate_90'],
  ['result = Image.fromarray(np.swapaxes(np.array(image), 0, 1)[:, ::-1])', 'rotate_270'],
  [
    'a = np.array(image)\nb = np.empty_like(a)\nfor y in range(len(a)):\n  b[y] = a[len(a) - 1 - y]\nresult = Image.fromarray(b)',
    'flip_vertical',
  ],
  ['a = np.array(image)\na[:] = a[:, ::-1].copy()\nresult = Image.fromarray(a)', 'flip_horizontal'],
  ['result = Image.frombytes("RGB", image.size, bytes(np.array(image)[::-1].tobytes()))', 'flip_vertical'],
  ['result = Image.fromarray(cv2.rotate(np.array(image), cv2.ROTATE_90_CLOCKWISE))', 'rotate_270'],
  ['result = Image.fromarray(cv2.rotate(np.array(image), cv2.ROTATE_90_COUNTERCLOCKWISE))', 'rotate_90'],
  [
    'import cv2 as c\nresult = Image.fromarray(c.rotate(np.array(image), rotateCode=c.ROTATE_180))',
    'rotate_180',
  ],
  ['result = Image.fromarray(cv2.flip(np.array(image), 1))', 'flip_horizontal'],
  ['result = Image.fromarray(cv2.flip(np.array(image), flipCode=0))', 'flip_vertical'],
  ['result = Image.fromarray(cv2.flip(np.array(image), -1))', 'rotate_180'],
  ['result = Image.fromarray(cv2.flip(cv2.transpose(np.array(image)), 1))', 'rotate_270'],
  [
    'a = cv2.cvtColor(np.array(image), cv2.COLOR_RGB2BGR)\na = cv2.rotate(a, 0)\nresult = Image.fromarray(cv2.cvtColor(a, cv2.COLOR_BGR2RGB))',
    'rotate_270',
  ],
  [
    'm = cv2.getRotationMatrix2D(((image.width - 1) / 2, (image.height - 1) / 2), 180, 1)\nresult = Image.fromarray(cv2.warpAffine(np.array(image), m, image.size))',
    'rotate_180',
  ],
]

describe('an image is turned', () => {
  test.each(turns)('%s: %s', async (code, ...ops) => {
    const operations = await operationsOf(code)
    expect(new Set(verified(operations))).toEqual(new Set(ops))
  })
})

const crops: [code: string, box: number[], ...ops: string[]][] = [
  ['result = image.crop((30, 40, 130, 140))', [30, 40, 130, 140], 'crop'],
  [
    'w, h = image.size\nresult = image.crop((w // 4, h // 4, w * 3 // 4, h * 3 // 4))',
    [77, 56, 231, 168],
    'crop',
  ],
  ['box = [10.4, 20.6, 99.5, 88]\nresult = image.crop(box=box)', [10, 21, 100, 88], 'crop'],
  ['result = ImageOps.crop(image, 20)', [20, 20, 288, 204], 'crop'],
  ['a = np.array(image)\nresult = Image.fromarray(a[50:150, 60:260])', [60, 50, 260, 150], 'crop'],
  ['a = np.array(image)[50:150, 60:260].copy()\nresult = Image.fromarray(a)', [60, 50, 260, 150], 'crop'],
  [
    'a = np.array(image)[50:150, 60:260]\nresult = Image.fromarray(np.rot90(a).copy())',
    [60, 50, 260, 150],
    'crop',
    'rotate_90',
  ],
  [
    'a = np.array(image)\nresult = Image.fromarray(cv2.getRectSubPix(a, (101, 51), (100, 100)))',
    [50, 75, 151, 126],
    'crop',
  ],
  ['result = image.crop((30, 40, 230, 200)).crop((10, 20, 60, 80))', [40, 60, 90, 120], 'crop'],
  ['result = image.rotate(90, expand=True).crop((0, 0, 100, 50))', [258, 0, 308, 100], 'rotate_90', 'crop'],
  ['result = image.rotate(180).crop((8, 4, 108, 54))', [200, 170, 300, 220], 'rotate_180', 'crop'],
  ['result = image.crop((8, 4, 108, 54)).transpose(Image.ROTATE_270)', [8, 4, 108, 54], 'crop', 'rotate_270'],
  ['result = ImageOps.mirror(image).crop((0, 0, 100, 100))', [208, 0, 308, 100], 'flip_horizontal', 'crop'],
  [
    'result = image.crop((30, 40, 130, 140)).resize((300, 300), Image.LANCZOS)',
    [30, 40, 130, 140],
    'crop',
    'resize',
  ],
  ['result = image.resize((200, 200), box=(100, 20, 200, 120))', [100, 20, 200, 120], 'crop', 'resize'],
  [
    'result = image.transform((100, 100), Image.Transform.EXTENT, (50, 50, 150, 150))',
    [50, 50, 150, 150],
    'crop',
  ],
  ['result = ImageOps.fit(image, (112, 112))', [42, 0, 266, 224], 'crop', 'resize'],
  [
    'result = ImageOps.expand(image.crop((30, 40, 130, 140)), border=10, fill="red")',
    [30, 40, 130, 140],
    'crop',
  ],
  [
    'canvas = Image.new("RGB", (200, 200), "white")\ncanvas.paste(image.crop((30, 40, 130, 140)), (50, 50))\nresult = canvas',
    [30, 40, 130, 140],
    'crop',
  ],
  [
    'result = ImageEnhance.Contrast(image.crop((30, 40, 230, 200))).enhance(1.5)',
    [30, 40, 230, 200],
    'crop',
    'contrast_up',
  ],
  ['result = image.crop((30, 40, 130, 140)).convert("L")', [30, 40, 130, 140], 'crop', 'grayscale'],
]

describe('a part of an image is taken', () => {
  test.each(crops)('%s: %j', async (code, box, ...ops) => {
    const operations = await operationsOf(code)
    expect(new Set(verified(operations))).toEqual(new Set(ops))
    for (const operation of operations.filter(({ op }) => op === 'crop')) {
      expect(operation.box?.map(Math.round)).toEqual(operation.verified ? box : undefined)
    }
  })
})

const enhancements: [code: string, ...ops: string[]][] = [
  ['result = image.resize((616, 448))', 'resize'],
  ['result = image.resize((154, 112), Image.NEAREST)', 'resize'],
  ['result = image.reduce(2)', 'resize'],
  ['image.thumbnail((100, 100))\nresult = image', 'resize'],
  ['result = ImageOps.contain(image, (200, 200))', 'resize'],
  ['result = ImageOps.scale(image, 1.5)', 'resize'],
  ['result = ImageOps.pad(image, (400, 400), color="white")', 'resize'],
  [
    'result = Image.fromarray(cv2.resize(np.array(image), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))',
    'resize',
  ],
  ['result = Image.fromarray(np.array(image)[::2, ::2])', 'resize'],
  ['result = ImageEnhance.Contrast(image).enhance(0.6)', 'contrast_down'],
  ['result = ImageEnhance.Brightness(image).enhance(1.4)', 'brightness_up'],
  ['e = ImageEnhance.Brightness(image)\nresult = e.enhance(factor=0.5)', 'brightness_down'],
  ['result = ImageEnhance.Color(image).enhance(2)', 'color_up'],
  ['result = ImageEnhance.Sharpness(image).enhance(3)', 'sharpness_up'],
  ['result = image.convert("L")', 'grayscale'],
  ['result = ImageOps.grayscale(image)', 'grayscale'],
  ['result = ImageOps.equalize(image)', 'equalize'],
  ['result = ImageOps.autocontrast(image, cutoff=5)', 'autocontrast'],
  ['result = ImageOps.posterize(image, 2)', 'posterize'],
  ['result = image.filter(ImageFilter.GaussianBlur(2))', 'gaussian_blur'],
  ['result = image.filter(ImageFilter.BoxBlur(1))', 'blur'],
  ['result = image.filter(ImageFilter.MedianFilter(3))', 'median_blur'],
  ['result = image.filter(ImageFilter.SHARPEN)', 'sharpen'],
  ['result = image.filter(ImageFilter.UnsharpMask(2, 150, 3))', 'sharpen'],
  ['result = image.filter(ImageFilter.SMOOTH_MORE)', 'smooth'],
  ['result = image.filter(ImageFilter.EDGE_ENHANCE_MORE)', 'edge_enhance'],
  ['result = image.filter(ImageFilter.DETAIL)', 'detail'],
  ['result = Image.fromarray(cv2.cvtColor(np.array(image), cv2.COLOR_RGB2GRAY))', 'grayscale'],
  ['result = Image.fromarray(cv2.GaussianBlur(np.array(image), (5, 5), 0))', 'gaussian_blur'],
  ['result = Image.fromarray(cv2.medianBlur(np.array(image), 3))', 'median_blur'],
  [
    'result = Image.fromarray(cv2.convertScaleAbs(np.array(image), alpha=1.3, beta=10))',
    'contrast_up',
    'brightness_up',
  ],
  [
    'g = cv2.cvtColor(np.array(image), cv2.COLOR_RGB2GRAY)\nresult = Image.fromarray(cv2.equalizeHist(g))',
    'grayscale',
    'equalize',
  ],
  [
    'lab = cv2.cvtColor(np.array(image), cv2.COLOR_RGB2LAB)\nl, a, b = cv2.split(lab)\nl = cv2.createCLAHE(3.0, (8, 8)).apply(l)\nresult = Image.fromarray(cv2.cvtColor(cv2.merge((l, a, b)), cv2.COLOR_LAB2RGB))',
    'equalize',
  ],
  [
    'g = np.array(image.convert("L"))\nresult = Image.fromarray(cv2.Canny(g, 60, 180))',
    'grayscale',
    'edge_detect',
  ],
  ['result = Image.fromarray(cv2.erode(np.array(image), np.ones((3, 3), np.uint8)))', 'erode'],
  ['result = ImageEnhance.Contrast(image.rotate(90, expand=True)).enhance(1.8)', 'rotate_90', 'contrast_up'],
  [
    'a = np.clip(np.array(image)[:, ::-1] * 1.3, 0, 255).astype(np.uint8)\nresult = Image.fromarray(a)',
    'flip_horizontal',
  ],
]

describe('an image is enhanced', () => {
  test.each(enhancements)('%s: %s', async (code, ...ops) => {
    expect(new Set(verified(await operationsOf(code)))).toEqual(new Set(ops))
  })
})

describe('over several calls', () => {
  test('boxes are told in the task’s image, through every image in between', async () => {
    await withSession(async (session) => {
      await session.execute({ code: 'result = image.rotate(90, expand=True)' })
      await session.execute({ code: 'result = image.crop((0, 100, 200, 308))', imageIndex: 1 })
      const last = await session.execute({
        code: 'result = image.crop((10, 20, 60, 80)).resize((100, 120))',
        imageIndex: 2,
      })
      // (10, 120)–(60, 180) of the turned image, 224 wide.
      expect(last.operations.map(({ op, box, verified: is }) => [op, box, is])).toEqual([
        ['crop', [128, 10, 188, 60], true],
        ['resize', [128, 10, 188, 60], true],
      ])
    })
  })

  test('a result made of another image than the call named is found in that', async () => {
    await withSession(async (session) => {
      await session.execute({ code: 'result = image.crop((30, 40, 130, 140))' })
      const again = await session.execute({ code: 'result = images[0].crop((5, 6, 50, 60))', imageIndex: 1 })
      expect(again.operations).toMatchObject([{ op: 'crop', verified: true, box: [5, 6, 50, 60] }])
    })
  })

  test('where an image could not be found, boxes of its parts are not told', async () => {
    await withSession(async (session) => {
      await session.execute({ code: 'result = Image.effect_noise((300, 200), 80).convert("RGB")' })
      const { operations } = await session.execute({
        code: 'result = image.crop((5, 6, 50, 60))',
        imageIndex: 1,
      })
      expect(operations).toMatchObject([{ op: 'crop', verified: true, box: null }])
    })
  })
})

describe('the released environment', () => {
  test('tells the same', async () => {
    const operations = await operationsOf(
      'result = image.rotate(90, expand=True).crop((0, 0, 100, 50))',
      release,
    )
    expect(operations).toMatchObject([
      { op: 'rotate_90', verified: true, box: [258, 0, 308, 100] },
      { op: 'crop', verified: true, box: [258, 0, 308, 100] },
    ])
  })
})

describe('what the pixels do not show is not verified', () => {
  test('a rotation that was taken back, and an image that was thrown away', async () => {
    const back = await operationsOf('result = image.rotate(90, expand=True).rotate(-90, expand=True)')
    expect(back.map(({ op, verified: is }) => [op, is])).toEqual([
      ['rotate_90', false],
      ['rotate_270', false],
    ])
    const aside = await operationsOf('image.crop((0, 0, 10, 10))\nresult = image.rotate(180)')
    expect(aside.map(({ op, verified: is, box }) => [op, is, box])).toEqual([
      ['rotate_180', true, WHOLE],
      ['crop', false, null],
    ])
  })

  test('what a failed call did', async () => {
    const execution = await run('image.rotate(90)\nraise ValueError("no")')
    expect(execution.operations).toMatchObject([{ op: 'rotate_90', verified: false, box: null }])
  })

  test('an enhancement that changed nothing', async () => {
    const operations = await operationsOf(
      'result = ImageEnhance.Contrast(image.crop((0, 0, 99, 99))).enhance(1.0)',
    )
    expect(verified(operations)).toEqual(['crop'])
  })

  const RECORDER = 'r = Image.Image.rotate.__globals__["recorder"]\nn = r.node(image)\n'
  const step = (call: string, names: string, affine: string, size = 'image.size'): string =>
    `n = r.made(n, tuple(${size}), ${affine}, ${JSON.stringify(call)}, [], ${names}, True)\n`
  const CROP = step('Image.crop', '["crop"]', '(1, 0, 100, 0, 1, 80)', '(50, 40)')
  const UNCROP = step('Image.crop', '["crop"]', '(1, 0, -100, 0, 1, -80)')
  const forgeries: [name: string, code: string][] = [
    [
      'a rotation that never was',
      `${step('Image.rotate', '["orientation"]', '(-1, 0, 308, 0, -1, 224)')}r.tie(image, n)\nresult = image`,
    ],
    ['a crop of another place', `${CROP}result = image.crop((0, 0, 50, 40))\nr.tie(result, n)`],
    [
      'a crop of another place, hidden by an enhancement',
      `${CROP}result = ImageEnhance.Brightness(image.crop((0, 0, 50, 40))).enhance(0.9)\nr.tie(result, n)`,
    ],
    ['a crop that was grown again, over the whole image', `${CROP}${UNCROP}r.tie(image, n)\nresult = image`],
    [
      'the same, hidden by an enhancement',
      `${CROP}${UNCROP}result = ImageEnhance.Brightness(image).enhance(0.9)\nr.tie(result, n)`,
    ],
    [
      'an enhancement',
      `${step('Image.filter', '["gaussian_blur"]', '(1, 0, 0, 0, 1, 0)')}r.tie(image, n)\nresult = image`,
    ],
    [
      'an enhancement the other way',
      `${step('Image.filter', '["brightness_up"]', '(1, 0, 0, 0, 1, 0)')}result = image.point(lambda v: v * 0.8)\nr.tie(result, n)`,
    ],
    [
      'a name that is no operation',
      `${step('x', '["rotate_90", "orientation", "?"]', '(1, 0, 0, 0, 1, 0)')}r.tie(image, n)\nresult = image`,
    ],
    [
      'a map of nonsense',
      `${step('Image.crop', '["crop"]', '(1e9, 0, 5, 0, 0, 0)')}r.tie(image, n)\nresult = image`,
    ],
  ]

  test.each(forgeries)('a forged list: %s', async (_, code) => {
    expect(verified(await operationsOf(RECORDER + code))).toEqual([])
  })

  test.each([
    [
      'a report of its own',
      'type(r).report = lambda *_: {"root": 0, "size": [308, 224], "steps": [{"call": "x", "args": [], "names": ["orientation"], "affine": [-1, 0, 308, 0, -1, 224], "size": [308, 224], "from": [308, 224], "path": True}]}',
    ],
    ['a report that is no report', 'type(r).report = lambda *_: [1, 2, 3]'],
    [
      'a report that is too long',
      'type(r).report = lambda *_: {"root": 0, "size": [1, 1], "steps": [{}] * 9999}',
    ],
    ['a report that raises', 'def report(*_): raise SystemExit(0)\ntype(r).report = report'],
    ['a recorder switched off', 'r.active = False'],
  ])('a forged list: %s', async (_, code) => {
    const execution = await run(`${RECORDER}${code}\nresult = image`)
    expect(verified(execution.operations)).toEqual([])
  })

  test('and a switched off recorder hides nothing that pixels show', async () => {
    const operations = await operationsOf(`${RECORDER}r.active = False\nresult = image.rotate(180)`)
    expect(operations).toMatchObject([{ op: 'rotate_180', call: 'pixels', verified: true }])
  })
})
