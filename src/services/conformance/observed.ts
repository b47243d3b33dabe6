/** The observation in an answer; empty where there is none. */
export function observed(answer: Record<string, unknown>): Record<string, unknown> {
  const { observation } = answer
  return typeof observation === 'object' && observation !== null ? { ...observation } : {}
}

/** Whether it is a list or an object with something in it. */
export function filled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

/** The images in the observation of an answer; none where there is no list of them. */
export function imagesIn(answer: Record<string, unknown>): Record<string, unknown>[] {
  const { images } = observed(answer)
  const list: unknown[] = Array.isArray(images) ? images : []
  return list.map((one) => (typeof one === 'object' && one !== null ? { ...one } : {}))
}
