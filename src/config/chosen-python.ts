/** The interpreter that the user named in `PYTHON` (a path, or a name on the search path); undefined where none is named. */
export function chosenPython(): string | undefined {
  const chosen = process.env['PYTHON']
  return chosen === '' ? undefined : chosen
}
