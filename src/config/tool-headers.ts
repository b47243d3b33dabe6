import { UsageError } from '../core/errors.js'
import type { Environment } from './environment.js'
import type { ToolSettings } from './tool-schema.js'

/**
 * Headers of an HTTP tool with their values, which stand in environment variables.
 * @throws UsageError for a variable that is not set.
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
      return [header, value]
    }),
  )
}
