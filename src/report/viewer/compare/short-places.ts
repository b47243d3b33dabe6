/** Places of settings for a heading: `head.policy.model` and `settings.policy.model` are both `policy.model`, and what stands within a named place is left out. */
export function shortPlaces(names: readonly string[]): string[] {
  const short = [...new Set(names.map((name) => name.replace(/^(head|settings)\./, '')))]
  return short.filter((name) => !short.some((other) => name.startsWith(`${other}.`)))
}
