/** `read`: everything is large, only the orientation matters. `find`: what is asked about is too small for the model's view and must be cropped from the original. */
export const FAMILIES = ['read', 'find'] as const
export type Family = (typeof FAMILIES)[number]

/** What a scene looks like. */
export const STYLES = ['cards', 'receipt', 'sign', 'table', 'chart', 'note'] as const
export type Style = (typeof STYLES)[number]

/** What is asked. */
export const KINDS = ['read', 'count', 'look-up', 'compare', 'sum'] as const
export type Kind = (typeof KINDS)[number]

/** What spoils a picture besides its orientation; photometric tools help against each. */
export const CORRUPTIONS = ['noise', 'blur', 'low-contrast'] as const
export type Corruption = (typeof CORRUPTIONS)[number]
