import { UsageError } from '../core/errors.js'
import type { Environment } from './environment.js'
import type { ToolSettings } from './tool-schema.js'

/**
 * Headers of an HTTP tool with their values, which stand in environment variables.
 * @throws UsageError for a variable that is not set, or holds what no header can.
 */
export function toolHeaders(
  { name, headers }: Pick<Extract<ToolSettings, { kind: 'http' }>, 'name' | 'headers'>,
  environment: Environment = process.env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([header, variable]) => {
      const value = environment[variable]?.trim()
      if (value === undefined || value === '')
        throw new UsageError(
          `Tool ${name}: its header ${header} stands in the environment variable ${variable}, which is not set. Set it, or leave the header out.`,
        )
      if (!isHeaderValue(value))
        throw new UsageError(
          `Tool ${name}: expected a value that a header can carry (one line of Latin-1 characters) for ${header} in the environment variable ${variable}, got one with other characters. Set it anew.`,
        )
      return [header, value]
    }),
  )
}

function isHeaderValue(value: string): boolean {
  try {
    new Headers({ value })
    return true
  } catch {
    return false // its message would repeat the value
  }
}
