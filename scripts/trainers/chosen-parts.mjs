/** The parts of a verification that --part names, all where it names none. One that there is not ends the process with exit code 2: it would verify nothing. */
export function chosenParts({ given = [], parts }) {
  const unknown = given.filter((name) => !parts.includes(name))
  if (unknown.length > 0) {
    console.error(`--part: expected ${parts.join(', ')}, got ${unknown.join(', ')}.`)
    process.exit(2)
  }
  return given.length === 0 ? parts : given
}
