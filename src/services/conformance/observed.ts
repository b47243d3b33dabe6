/** The observation in an answer; empty where there is none. */
export function observed(answer: Record<string, unknown>): Record<string, unknown> {
  const { observation } = answer
  return typeof observation === 'object' && observation !== null ? { ...observation } : {}
}

/** Whether it is a list or an object with something in it. */
export function filled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}
