import { TRANSFORMS, type Transform } from '../../core/transform.js'
import { composeOrientations } from '../transforms/compose-orientations.js'
import { requiredToolsFor } from '../transforms/required-tools.js'
import type { Check } from './check.js'
import { declaredTools } from './declared-tools.js'

/**
 * The must-use tools that a row lists undo its transformation, in whatever way, and crop last where a crop is required (paper, section 4.1); and where one is required, a
 * box says what must be cropped.
 */
export function toolsCheck(): Check {
  return {
    row({ place, task, notices }) {
      const wrong = { check: 'tools' as const, ...place }
      const { transform, requiredTools, box } = task
      const needsCrop = requiredTools?.includes('crop') === true
      const boxless =
        needsCrop && box === null && notices.length === 0
          ? [{ ...wrong, what: 'box', expected: 'a box, since `crop` is required', got: 'none' }]
          : []
      const declared = declaredTools(task)
      if (declared === null) return boxless
      const { column, value, tools } = declared
      // A row that says nothing of what was applied does not say that no crop is required.
      const crops = requiredTools === null ? (tools?.includes('crop') ?? false) : needsCrop
      if (tools !== null && undo({ tools, transform, crops })) return boxless
      const expected = `what undoes ${transform}: ${JSON.stringify(requiredToolsFor({ transform, needsCrop: crops }))}`
      return [...boxless, { ...wrong, what: column, expected, got: JSON.stringify(value) }]
    },
  }
}

function undo({
  tools,
  transform,
  crops,
}: {
  tools: readonly string[]
  transform: Transform
  crops: boolean
}): boolean {
  const turning = tools.filter((tool) => tool !== 'crop')
  const known = turning.filter(isTransform)
  const cropped = tools.length - turning.length
  return (
    known.length === turning.length &&
    composeOrientations([transform, ...known]) === 'none' &&
    cropped === (crops ? 1 : 0) &&
    (!crops || tools.at(-1) === 'crop')
  )
}

function isTransform(name: string): name is Transform {
  return TRANSFORMS.some((transform) => transform === name)
}
