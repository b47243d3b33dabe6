/** Tools that turn or mirror the whole image. */
export const ORIENTATION_TOOLS: ReadonlySet<string> = new Set([
  'rotate_90',
  'rotate_180',
  'rotate_270',
  'flip_horizontal',
  'flip_vertical',
])

export const CROP = 'crop'

/** Tools that a task can require (paper, section 4); every other one is optional, or emergent. */
export const CORE_TOOLS: ReadonlySet<string> = new Set([...ORIENTATION_TOOLS, CROP])
