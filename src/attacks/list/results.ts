import type { CodeAttack } from '../attack.js'
import type { Execution } from '../../core/execution.js'

const delivered =
  (mode: string, sourceMode: string) =>
  (execution: Execution): boolean =>
    execution.status === 'ok' && execution.image.mode === mode && execution.image.sourceMode === sourceMode

/** Results and texts of code that are no ordinary ones. */
export const RESULTS: readonly CodeAttack[] = [
  {
    name: 'result of 100,000×100,000',
    by: 'code',
    code: 'result = Image.new("L", (100_000, 100_000))',
    expect: ['MemoryError'],
    isShort: true,
  },
  {
    name: 'result without pixels',
    by: 'code',
    code: 'result = Image.new("RGB", (0, 5))',
    expect: ['result refused'],
    isShort: true,
  },
  {
    name: 'result of aspect 400',
    by: 'code',
    code: 'result = Image.new("RGB", (400, 1))',
    expect: ['result refused'],
  },
  { name: 'list as the result', by: 'code', code: 'result = [image]', expect: ['result refused'] },
  { name: 'string as the result', by: 'code', code: 'result = "image"', expect: ['result refused'] },
  {
    name: 'BGR array as the result',
    by: 'code',
    code: 'result = cv2.cvtColor(np.array(image), cv2.COLOR_RGB2BGR)',
    expect: ['result refused'],
  },
  {
    name: 'subclass of Image with a hostile tobytes',
    by: 'code',
    code: `class Hostile(Image.Image):
  def tobytes(self, *a, **k): return b"x" * (1 << 20)
  def convert(self, *a, **k): return self
result = image.copy()
result.__class__ = Hostile`,
    expect: ['harmless'],
    isHarmless: (execution) => execution.status === 'ok' && execution.image.width === 48,
    isShort: true,
  },
  {
    name: 'subclass of Image whose size never comes',
    by: 'code',
    code: 'class Hostile(Image.Image):\n  @property\n  def size(self):\n    while True: pass\nresult = Hostile()',
    expect: ['timeout'],
  },
  ...(
    [
      ['RGBA', 'RGBA', 'image.convert("RGBA")'],
      ['CMYK', 'RGB', 'image.convert("CMYK")'],
      ['P', 'RGB', 'image.quantize(4)'],
      ['I;16', 'L', 'Image.fromarray(np.full((4, 4), 65535, np.uint16))'],
      ['F', 'L', 'Image.fromarray(np.array([[float("nan"), -5, 300]], dtype=np.float32))'],
    ] as const
  ).map(([source, mode, code]): CodeAttack => ({
    name: `result of mode ${source}${source === 'F' ? ' with NaN' : ''}`,
    by: 'code',
    code: `result = ${code}`,
    expect: ['harmless'],
    isHarmless: delivered(mode, source),
  })),
  {
    name: 'endless recursion',
    by: 'code',
    code: 'def f(): f()\nf()',
    expect: ['RecursionError'],
    isShort: true,
  },
  {
    name: 'deep nesting in the parser',
    by: 'code',
    code: `x = ${'('.repeat(5_000)}`,
    expect: ['SyntaxError'],
    isShort: true,
  },
  { name: 'null bytes in the code', by: 'code', code: 'x = "a\0b"', expect: ['SyntaxError'] },
  {
    name: 'code of 10 MB',
    by: 'code',
    code: `#${'x'.repeat(10_000_000)}`,
    expect: ['policy'],
    isShort: true,
  },
]
