import { inspect } from 'node:util'
import { visibleText } from '../core/visible-text.js'

type Print = (...values: unknown[]) => void

/**
 * Make what is printed to a terminal harmless: models, their programs, servers and data sets write much of it, and a terminal obeys control characters (it sets the clipboard, hides or
 * moves text). They are shown as symbols. Into a file or pipe everything goes as it is.
 */
export function guardTerminal({
  console: target,
  stdout,
  stderr,
}: {
  console: { log: Print; error: Print }
  stdout: { isTTY?: boolean }
  stderr: { isTTY?: boolean }
}): void {
  if (stdout.isTTY === true) target.log = guarded(target.log.bind(target))
  if (stderr.isTTY === true) target.error = guarded(target.error.bind(target))
}

function guarded(print: Print): Print {
  return (...values) => {
    // One text: the printer would read a `%s` in the first of several.
    print(
      '%s',
      values.map((value) => visibleText(typeof value === 'string' ? value : inspect(value))).join(' '),
    )
  }
}
