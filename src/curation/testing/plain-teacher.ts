import type { Policy } from '../../core/policy.js'
import type { Transform } from '../../core/transform.js'
import type { CurationPlan, PlannedOperation, PlannedStep } from '../plan/curation-plan.js'

/** A call of a plan as it is played. */
export interface PlainCall {
  code: string
  imageIndex: number
}

/** What a test changes of how a plan is played. */
export interface PlainChanges {
  /** Each call, after it was written. */
  call?: (given: { call: PlainCall; number: number; attempt: number; plan: CurationPlan }) => PlainCall
  thought?: (given: { number: number; attempt: number; plan: CurationPlan }) => string
  answer?: (given: { attempt: number; plan: CurationPlan }) => string
  /** Calls played, out of all that the plan has. */
  calls?: (given: {
    calls: readonly PlainCall[]
    attempt: number
    plan: CurationPlan
  }) => readonly PlainCall[]
  /** A whole turn. */
  text?: (given: { text: string; number: number; attempt: number; plan: CurationPlan }) => string
}

/** Plays plans in the plainest words: for tests of what is around a teacher. Changes let it err. */
export function plainTeacher({
  planOf,
  changes = {},
  delayMs = () => 0,
}: {
  planOf: (taskKey: string) => CurationPlan | undefined
  changes?: PlainChanges
  delayMs?: (plan: CurationPlan) => number
}): Policy {
  return {
    name: 'plain',
    model: 'test-1',
    async next({ sample: { key, epoch: attempt }, turn: number, signal }) {
      const plan = planOf(key)
      if (plan === undefined) throw new RangeError(`no plan for ${key}`)
      await new Promise((resolve) => setTimeout(resolve, delayMs(plan)))
      signal.throwIfAborted()
      const all = playedCalls(plan)
      const calls = changes.calls?.({ calls: all, attempt, plan }) ?? all
      const written = calls[number]
      const given = { number, attempt, plan }
      const thought =
        changes.thought?.(given) ?? `Step ${number} of ${plan.taskKey.slice(0, 12)}, ${attempt}.`
      const call = written && (changes.call?.({ ...given, call: written }) ?? written)
      const act = call
        ? `<tool_call>${JSON.stringify({ name: 'code_image_tool', arguments: { code: call.code, description: 'next', image_index: call.imageIndex } })}</tool_call>`
        : `<answer>${changes.answer?.({ attempt, plan }) ?? plan.answer}</answer>`
      const text = `<think>${thought}</think>\n${act}`
      return {
        text: changes.text?.({ ...given, text }) ?? text,
        toolCalls: [],
        finishReason: 'stop',
        usage: { promptTokens: 100 + number, completionTokens: 20 },
      }
    },
  }
}

function playedCalls(plan: CurationPlan): PlainCall[] {
  const calls: PlainCall[] = []
  const madeBy = new Map<number, number>()
  let images = plan.images.length
  for (const [at, step] of plan.steps.entries()) {
    const imageIndex = step.from === 'given' ? step.image : (madeBy.get(step.from) ?? 0)
    const { provocation } = plan
    if (provocation?.step === at)
      for (let time = 0; time < provocation.times; time++) {
        calls.push(failingCall({ kind: provocation.kind, step, imageIndex }))
        if (provocation.kind === 'wrong-tool') images++
      }
    calls.push({ code: codeOf(step.operations), imageIndex })
    madeBy.set(at, images++)
  }
  return calls
}

function codeOf(operations: readonly PlannedOperation[]): string {
  return ['result = image', ...operations.map((operation) => `result = ${expressionOf(operation)}`)].join(
    '\n',
  )
}

function expressionOf(operation: PlannedOperation): string {
  switch (operation.op) {
    case 'rotate_90':
    case 'rotate_180':
    case 'rotate_270':
      return `result.rotate(${operation.op.slice(7)}, expand=True)`
    case 'flip_horizontal':
      return 'ImageOps.mirror(result)'
    case 'flip_vertical':
      return 'ImageOps.flip(result)'
    case 'crop':
      return `result.crop((${operation.box.join(', ')}))`
    case 'autocontrast':
      return 'ImageOps.autocontrast(result, cutoff=1)'
    case 'contrast_up':
      return 'ImageEnhance.Contrast(result).enhance(3.0)'
    case 'sharpen':
      return 'result.filter(ImageFilter.SHARPEN)'
    case 'median_blur':
      return 'result.filter(ImageFilter.MedianFilter(3))'
  }
}

function failingCall({
  kind,
  step,
  imageIndex,
}: {
  kind: NonNullable<CurationPlan['provocation']>['kind']
  step: PlannedStep
  imageIndex: number
}): PlainCall {
  switch (kind) {
    case 'bad-argument':
      return { code: 'result = image.crop((30, 5, 10, 20))', imageIndex }
    case 'missing-name':
      return { code: 'result = rotate_image(image)', imageIndex }
    case 'index-out-of-range':
      return { code: 'result = image', imageIndex: 9 }
    case 'timeout':
      return { code: 'while True:\n    pass', imageIndex }
    case 'wrong-tool': {
      const [first] = step.operations
      if (first?.op === 'crop') return { code: 'result = image.crop((0, 0, 8, 8))', imageIndex }
      const wrong: Readonly<Record<string, Exclude<Transform, 'none'>>> = {
        rotate_90: 'rotate_270',
        rotate_270: 'rotate_90',
        rotate_180: 'rotate_90',
        flip_horizontal: 'rotate_90',
        flip_vertical: 'flip_horizontal',
      }
      const other = wrong[first?.op ?? ''] ?? 'rotate_90'
      return { code: codeOf([{ op: other }]), imageIndex }
    }
  }
}
