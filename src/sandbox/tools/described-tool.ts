import type { CheckedTool } from './check-tools.js'

/** A tool as a worker knows it; names as in py_sandbox/tools.py. */
export interface DescribedTool {
  name: string
  description: string
  max_calls: number
  max_bytes: number
  parameters: { name: string; type: string; optional: boolean; choices: readonly string[] }[]
}

/** What of a tool crosses into the sandbox: its name and form, and nothing of what it does. */
export function describeForWorker({ name, description, parameters, limits }: CheckedTool): DescribedTool {
  return {
    name,
    description,
    max_calls: limits.maxCalls,
    max_bytes: limits.maxBytes,
    parameters: Object.entries(parameters).map(([parameter, given]) => ({
      name: parameter,
      type: given.type,
      optional: given.optional === true,
      choices: given.type === 'choice' ? given.choices : [],
    })),
  }
}
