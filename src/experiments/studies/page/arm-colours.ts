/** Colours of arms, in their order; they can be told apart on white and on a dark page. */
const COLOURS = [
  '#2f62d9',
  '#d1541b',
  '#0b8a6f',
  '#a97800',
  '#8a4fc4',
  '#c93a78',
  '#4d7fa8',
  '#77797f',
  '#6f8f1e',
] as const

/** Of an arm by its place in the study. */
export function armColour(place: number): string {
  return COLOURS[place % COLOURS.length] ?? COLOURS[0]
}

/** Rules for the marks beside the names of arms: `arm-0` and so on. */
export const ARM_STYLE = COLOURS.map((colour, place) => `.arm-${place} { background: ${colour}; }`).join('\n')

/** Name of an arm's rule. */
export function armClass(place: number): string {
  return `arm-${place % COLOURS.length}`
}
