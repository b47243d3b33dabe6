/** The observation in an answer; empty where there is none. */
export function observed(answer: Record<string, unknown>): Record<string, unknown> {
  return objectIn(answer['observation'])
}

/** Whether it is a list or an object with something in it. */
export function filled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** The images in the observation of an answer; none where there is no list of them. */
export function imagesIn(answer: Record<string, unknown>): Record<string, unknown>[] {
  return objectsIn(observed(answer)['images'])
}

/** An object as it is; empty where it is none. */
export function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** A list of objects; empty where it is no list. */
export function objectsIn(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(objectIn) : []
}
