import { createRandom } from '../../../data/demo/random.js'
import { transformedSize } from '../../../data/transforms/transformed-size.js'
import type { CurationPlan, PlannedOperation, PlannedStep, Size } from '../../plan/curation-plan.js'
import { writeCode } from '../code/write-code.js'
import { badArguments } from './bad-argument.js'
import { isCrop, isOrientation, type Mistake } from './mistake.js'
import { missingNames } from './missing-name.js'
import { slowCodes } from './timeout.js'
import { wrongIndex } from './wrong-index.js'
import { wrongTool, type WrongTool } from './wrong-tool.js'

/** A call that goes wrong on purpose. */
export interface ProvokedCall {
  code: string
  imageIndex: number
  /** What its author says about it afterwards, as clauses; null for a wrong tool, of which the picture tells. */
  cause: string | null
  remedy: string | null
  /** Null where the call is meant to fail. */
  wrong: WrongTool | null
}

/** Play a plan's provocation. The same parameters give the same call, so that the turn after it knows what went wrong. */
export function provokedCall({
  plan: { provocation },
  step,
  round,
  seed,
  imageIndex,
  imageCount,
  sizeIsTold,
}: {
  plan: Pick<CurationPlan, 'provocation'>
  step: PlannedStep
  /** 0 or 1 of failures in a row; the second differs from the first. */
  round: number
  seed: string
  /** Image that the step works on. */
  imageIndex: number
  imageCount: number
  sizeIsTold: boolean
}): ProvokedCall {
  if (provocation === null) throw new RangeError('Expected a plan with a provocation, got one without any.')
  const shared = createRandom({ seed: `${seed}/provocation` })
  const random = createRandom({ seed: `${seed}/provocation/${round}` })
  const written = (
    operations: readonly PlannedOperation[],
    sabotage?: Parameters<typeof writeCode>[0]['sabotage'],
  ): string =>
    writeCode({
      operations,
      inputSize: step.inputSize,
      sizeIsTold,
      random,
      ...(sabotage !== undefined && { sabotage }),
    }).code
  switch (provocation.kind) {
    case 'bad-argument':
    case 'missing-name': {
      const mistakes = provocation.kind === 'bad-argument' ? badArguments : missingNames
      const possible = spotsOf(step).flatMap(({ operation, index, size }) =>
        mistakes({ operation, index, size, random: shared }),
      )
      const { sabotage, cause, remedy } = nth<Mistake>(shared.shuffle(possible), round)
      return { code: written(step.operations, sabotage), imageIndex, cause, remedy, wrong: null }
    }
    case 'timeout': {
      const slow = nth(shared.shuffle(slowCodes({ step, random: shared })), round)
      return { ...slow, imageIndex, wrong: null }
    }
    case 'index-out-of-range': {
      const index = wrongIndex({ count: imageCount, right: imageIndex, round, random: shared })
      return { code: written(step.operations), ...index, wrong: null }
    }
    case 'wrong-tool': {
      const wrong = wrongTool({ step, round, random: shared })
      const sabotage = wrong.kind === 'photometric' ? wrong.sabotage : undefined
      return { code: written(wrong.operations, sabotage), imageIndex, cause: null, remedy: null, wrong }
    }
  }
}

/** The operations of a step with the size of what each works on. */
function spotsOf({
  operations,
  inputSize,
}: PlannedStep): { operation: PlannedOperation; index: number; size: Size }[] {
  let size: Size = inputSize
  return operations.map((operation, index) => {
    const spot = { operation, index, size }
    if (isCrop(operation)) {
      const [left, top, right, bottom] = operation.box
      size = { width: right - left, height: bottom - top }
    } else if (isOrientation(operation)) size = transformedSize({ ...size, transform: operation.op })
    return spot
  })
}

function nth<T>(items: readonly T[], at: number): T {
  const item = items[at % Math.max(1, items.length)]
  if (item === undefined) throw new RangeError('Expected a step with an operation, got one without any.')
  return item
}
