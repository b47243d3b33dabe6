import type { Task } from '../../core/task.js'
import { UsageError } from '../../core/errors.js'
import { imageSize } from '../../data/image-size.js'
import type { FilterOptions } from './filter-options.js'

/**
 * Whether `crop` is a must-use tool of a row. Where its size decides: where the box of the evidence covers at most `crop-below` of the image (the paper's targets, section 3: 0.01 %).
 * Null: neither the row nor a box says.
 */
export async function needsCrop({
  task: { requiredTools, box, images },
  options: { 'crop-rule': rule, 'crop-below': below },
}: {
  task: Pick<Task, 'requiredTools' | 'box' | 'images'>
  options: Pick<FilterOptions, 'crop-rule' | 'crop-below'>
}): Promise<boolean | null> {
  const declared = requiredTools === null ? null : requiredTools.includes('crop')
  const [first] = images
  if ((rule === 'declared' && declared !== null) || box === null || first === undefined) return declared
  const size = await imageSize(await first.read()).catch((cause: unknown) => {
    // An image that cannot be read is told of when it is to be looked at.
    if (cause instanceof UsageError) return null
    throw cause
  })
  if (size === null) return declared
  const [left, top, right, bottom] = box
  return (right - left) * (bottom - top) <= below * size.width * size.height
}
