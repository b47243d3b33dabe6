/** One text for a sample and its epoch. */
export function rolloutKey({ key, epoch }: { key: string; epoch: number }): string {
  return `${key}/${epoch}`
}
