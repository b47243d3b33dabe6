import type { Random } from '../../../data/demo/random.js'
import { transformedSize } from '../../../data/transforms/transformed-size.js'
import type { PlannedOperation, Size } from '../../plan/curation-plan.js'
import { cropCode } from './crop-code.js'
import type { OperationForm } from './operation-form.js'
import { ORIENTATION_FORMS } from './orientation-forms.js'
import { photometricForms } from './photometric-forms.js'
import { createPythonCode, type PythonCode, type Value } from './python-code.js'

/** A call's code, and what is worth saying about how it is written. */
export interface WrittenCode {
  code: string
  /** Clauses such as "PIL counts angles counter-clockwise". */
  notes: readonly string[]
}

/** What is written in place of one operation, or after the last, so that the code fails. */
export type Sabotage =
  | { at: 'operation'; index: number; form: OperationForm; lines?: readonly string[] }
  /** The finished picture is named, and then another name is used. */
  | { at: 'end'; misspell: (name: string) => string }

const NAMES = {
  orientation: ['upright', 'turned', 'straight', 'oriented', 'corrected', 'fixed', 'righted'],
  crop: ['crop', 'region', 'patch', 'cutout', 'part', 'detail', 'zoom', 'closeup', 'section'],
  photometric: ['clear', 'clean', 'enhanced', 'improved', 'better', 'legible'],
} as const
const RESULT_NAMES = [...Array<string>(7).fill('result'), 'output', 'output', 'processed_image', 'img']
const LONGEST_EXPRESSION = 72

/**
 * Write one call over `image` (or `img`) for both profiles of the sandbox: nothing but names that both give, no function bodies that read names of the code, a result
 * under a name that both look up. Orientations and crops are exact.
 */
export function writeCode({
  operations,
  inputSize,
  sizeIsTold,
  random,
  sabotage,
}: {
  operations: readonly PlannedOperation[]
  inputSize: Size
  /** The author knows the size of the image in pixels. */
  sizeIsTold: boolean
  random: Random
  sabotage?: Sabotage
}): WrittenCode {
  const code = createPythonCode({ random })
  const notes: string[] = []
  let value: Value = {
    form: 'pil',
    expression: random.pick(['image', 'image', 'image', 'img']),
    isNamed: true,
    size: inputSize,
  }
  // Names on the way: usually a name for each step, sometimes one long expression.
  const isStepwise = random.integer(0, 2) > 0
  const isCommented = random.integer(0, 4) === 0 && (isStepwise || operations.length === 1)
  for (const [index, operation] of operations.entries()) {
    if (isCommented) code.lines.push(`# ${COMMENTS[operation.op](random)}`)
    const form = sabotage?.at === 'operation' && sabotage.index === index ? sabotage.form : null
    if (form !== null && sabotage?.at === 'operation') code.lines.push(...(sabotage.lines ?? []))
    if (operation.op === 'crop' && form === null)
      value = cropCode({ code, value, box: operation.box, sizeIsTold, random })
    else {
      const chosen = form ?? chooseForm({ op: operation.op, value, random })
      if (chosen.note !== undefined) notes.push(chosen.note)
      value = applyForm({ code, value, form: chosen, operation })
    }
    const isLast = index === operations.length - 1
    if (!isLast && (isStepwise || value.expression.length > LONGEST_EXPRESSION))
      value = code.named(value, NAMES[poolOf(operation)])
  }
  finish({ code, value, random, pool: poolOf(operations.at(-1)), sabotage })
  return { code: withImports({ lines: code.lines, random }), notes }
}

function finish({
  code,
  value,
  random,
  pool,
  sabotage,
}: {
  code: PythonCode
  value: Value
  random: Random
  pool: keyof typeof NAMES
  sabotage: Sabotage | undefined
}): void {
  const last = code.as(value, 'pil')
  const result = random.pick(RESULT_NAMES)
  if (sabotage?.at === 'end') {
    const named = code.named(last, NAMES[pool])
    code.lines.push(`${result} = ${sabotage.misspell(named.expression)}`)
    return
  }
  const isNamedFirst = !last.isNamed && random.integer(0, 5) === 0
  code.lines.push(`${result} = ${(isNamedFirst ? code.named(last, NAMES[pool]) : last).expression}`)
  if (random.integer(0, 11) === 0) code.lines.push(`print(${result}.size)`)
}

function chooseForm({
  op,
  value,
  random,
}: {
  op: PlannedOperation['op']
  value: Value
  random: Random
}): OperationForm {
  const forms = isOrientation(op)
    ? ORIENTATION_FORMS[op]
    : op === 'crop'
      ? []
      : photometricForms({ op, random })
  // PIL mostly, and an array stays an array where it can.
  const wanted = value.form === 'array' ? 'array' : random.integer(0, 99) < 72 ? 'pil' : 'array'
  const fitting = forms.filter(({ takes }) => takes === wanted)
  return random.pick(fitting.length > 0 ? fitting : forms)
}

function applyForm({
  code,
  value,
  form,
  operation,
}: {
  code: PythonCode
  value: Value
  form: OperationForm
  operation: PlannedOperation
}): Value {
  const given = code.as(value, form.takes)
  const size = isOrientation(operation.op)
    ? transformedSize({ ...value.size, transform: operation.op })
    : value.size
  return { form: form.gives, expression: form.write(given.expression), isNamed: false, size }
}

type OrientationOp = keyof typeof ORIENTATION_FORMS

function isOrientation(op: PlannedOperation['op']): op is OrientationOp {
  return op in ORIENTATION_FORMS
}

function poolOf(operation: PlannedOperation | undefined): keyof typeof NAMES {
  if (operation === undefined || operation.op === 'crop') return 'crop'
  return isOrientation(operation.op) ? 'orientation' : 'photometric'
}

/** Libraries are there already; some authors import them all the same. */
function withImports({ lines, random }: { lines: readonly string[]; random: Random }): string {
  const body = lines.join('\n')
  const used = ['Image', 'ImageOps', 'ImageEnhance', 'ImageFilter'].filter((name) =>
    new RegExp(`\\b${name}\\.`).test(body),
  )
  const imports = [
    ...(used.length > 0 ? [`from PIL import ${used.join(', ')}`] : []),
    ...(/\bnp\./.test(body) ? ['import numpy as np'] : []),
    ...(/\bcv2\./.test(body) ? ['import cv2'] : []),
  ]
  return random.integer(0, 6) === 0 && imports.length > 0 ? [...imports, '', body].join('\n') : body
}

const oneOf =
  (...texts: readonly string[]) =>
  (random: Random): string =>
    random.pick(texts)

const turn = oneOf('set it upright', 'bring the text upright', 'turn it the right way', 'undo the turn')
const mirror = oneOf('undo the mirroring', 'flip it back', 'make the text readable')

const COMMENTS: Readonly<Record<PlannedOperation['op'], (random: Random) => string>> = {
  rotate_90: turn,
  rotate_180: turn,
  rotate_270: turn,
  flip_horizontal: mirror,
  flip_vertical: mirror,
  crop: oneOf('the region that matters', 'cut out the part to read', 'look closer here', 'only this part'),
  autocontrast: oneOf('spread the contrast', 'use the full range of levels'),
  contrast_up: oneOf('more contrast', 'raise the contrast'),
  sharpen: oneOf('sharpen the strokes', 'crisper edges'),
  median_blur: oneOf('remove the specks', 'clean up the noise'),
}
