import { UsageError } from '../core/errors.js'

/** The port of an option `--port`; 0 stands for any that is free. @throws UsageError. */
export function portOf(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new UsageError(`--port: expected a whole number from 0 to 65535, got ${port}.`)
}
