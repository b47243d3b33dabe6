import type { Random } from '../../../data/demo/random.js'
import { transformedSize } from '../../../data/transforms/transformed-size.js'
import type { PlannedStep } from '../../plan/curation-plan.js'
import { angleOf, isCrop, isOrientation, type OrientationOperation } from './mistake.js'

/** Code that does not end in time, and what its author says about it afterwards. */
export interface SlowCode {
  code: string
  cause: string
  remedy: string
}

/** Pixels from which a window around every pixel takes Python many seconds. */
const MANY_PIXELS = 150_000
/** Pixels that all windows together have, at a tenth of a microsecond each at the least: several seconds. */
const WINDOW_WORK = 90e6

/** Where the pixel (x, y) of a turned image comes from. */
const SOURCES: Readonly<
  Record<OrientationOperation['op'], (last: { lastX: number; lastY: number }) => string>
> = {
  rotate_90: ({ lastX }) => `${lastX} - y, x`,
  rotate_180: ({ lastX, lastY }) => `${lastX} - x, ${lastY} - y`,
  rotate_270: ({ lastY }) => `y, ${lastY} - x`,
  flip_horizontal: ({ lastX }) => `${lastX} - x, y`,
  flip_vertical: ({ lastY }) => `x, ${lastY} - y`,
}

/** Plausible code for a step that runs for many seconds or for ever, whatever the machine. */
export function slowCodes({ step, random }: { step: PlannedStep; random: Random }): SlowCode[] {
  const { width, height } = step.inputSize
  const crop = step.operations.find(isCrop)
  const turn = step.operations.find(isOrientation)
  const angle = turn === undefined ? null : angleOf(turn.op)
  const [left, top, right, bottom] = crop?.box ?? [0, 0, width, height]
  const result = random.pick(['result', 'output', 'processed_image'])
  const size =
    turn === undefined
      ? { width: right - left, height: bottom - top }
      : transformedSize({ width, height, transform: turn.op })
  const source =
    turn === undefined ? `x + ${left}, y + ${top}` : SOURCES[turn.op]({ lastX: width - 1, lastY: height - 1 })
  const slow: SlowCode[] = [
    {
      code: [
        `${result} = Image.new("RGB", (${size.width}, ${size.height}))`,
        'x, y = 0, 0',
        `while y < ${size.height}:`,
        `    while x < ${size.width}:`,
        `        ${result}.putpixel((x, y), ${random.pick(['image', 'img'])}.getpixel((${source})))`,
        '    y += 1',
      ].join('\n'),
      cause: 'the inner loop never moves x on, so it runs for ever',
      remedy: 'let the library do this at once and not copy pixels by hand',
    },
  ]
  if (crop !== undefined || turn === undefined)
    slow.push({
      code: [
        'view = image',
        'while view.width < 2 * image.width:',
        '    view = image.resize((int(image.width * 1.5), int(image.height * 1.5)))',
        `${result} = view`,
      ].join('\n'),
      cause: 'the loop starts from the original every time, so its condition is never met',
      remedy: 'do without a loop, it is not needed',
    })
  if (crop !== undefined)
    slow.push({
      code: [
        'a = np.array(image)',
        'best, where = -1.0, (0, 0)',
        'for size in range(8, 96):',
        `    for y in range(0, ${height}):`,
        `        for x in range(0, ${width}):`,
        '            score = float(a[y:y + size, x:x + size].std())',
        '            if score > best:',
        '                best, where = score, (x, y)',
        `${result} = image.crop((where[0], where[1], where[0] + ${right - left}, where[1] + ${bottom - top}))`,
      ].join('\n'),
      cause: 'trying every window of every size is far too much work for plain Python',
      remedy: 'name the region myself, I can see where it is',
    })
  if (crop !== undefined && right - left < width)
    slow.push({
      code: [
        `x0, x1 = 0, ${width}`,
        `while x1 - x0 > ${right - left}:`,
        '    x0 += 4',
        '    x1 += 4',
        `${result} = image.crop((x0, ${top}, x1, ${bottom}))`,
      ].join('\n'),
      cause:
        'I moved both edges by the same amount, so the width stayed what it was and the loop went on for ever',
      remedy: 'write the region down instead of searching for it step by step',
    })
  if (turn !== undefined)
    slow.push({
      code: [
        'a = np.array(image)',
        'i, j = 0, a.shape[1] - 1',
        'while i < j:',
        '    column = a[:, i].copy()',
        '    a[:, i] = a[:, j]',
        '    a[:, j] = column',
        `${result} = Image.fromarray(a)`,
      ].join('\n'),
      cause: 'the two indices never change, so the same columns are swapped for ever',
      remedy: 'use the call that turns or mirrors the whole picture',
    })
  if (angle !== null)
    slow.push({
      code: [
        `low, high = 0, ${angle}`,
        'while low < high:',
        '    middle = (low + high) // 2',
        `    if middle < ${angle}:`,
        '        low = middle',
        '    else:',
        '        high = middle - 1',
        `${result} = image.rotate(low, expand=True)`,
      ].join('\n'),
      cause: 'my search stops shrinking when only two values are left, so it hangs there',
      remedy: 'say directly what has to be done, I know the angle already',
    })
  if (step.operations.some(({ op }) => op === 'autocontrast' || op === 'contrast_up'))
    slow.push({
      code: [
        'view = image',
        'while np.array(view).std() < 128:',
        '    view = ImageOps.autocontrast(view)',
        `${result} = view`,
      ].join('\n'),
      cause: 'no picture ever spreads as far as my condition asks, so the loop cannot end',
      remedy: 'raise the contrast once and look',
    })
  if (angle !== null)
    slow.push({
      code: [
        'angle = 0.0',
        `while angle != ${angle}:`,
        `    angle += ${random.pick(['0.7', '0.35', '1.3', '0.55'])}`,
        `${result} = image.rotate(angle, expand=True)`,
      ].join('\n'),
      cause: 'the angle grows in steps that jump over the value I wait for',
      remedy: 'turn by the angle itself, without a loop',
    })
  if (width * height >= MANY_PIXELS) {
    const reach = Math.ceil((Math.sqrt(WINDOW_WORK / (width * height)) - 1) / 2)
    slow.push({
      code: [
        `${result} = image.copy()`,
        `for y in range(${reach}, image.height - ${reach}):`,
        `    for x in range(${reach}, image.width - ${reach}):`,
        '        values = []',
        `        for dy in range(-${reach}, ${reach + 1}):`,
        `            for dx in range(-${reach}, ${reach + 1}):`,
        '                values.append(image.getpixel((x + dx, y + dy)))',
        '        values.sort()',
        `        ${result}.putpixel((x, y), values[len(values) // 2])`,
      ].join('\n'),
      cause: 'a median over every pixel in plain Python takes far too long',
      remedy: 'use functions that work on the whole picture at once',
    })
  }
  return slow
}
