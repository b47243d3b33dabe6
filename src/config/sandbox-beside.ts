import type { z } from 'zod'
import type { evaluationSchema } from './evaluation-schema.js'

type SandboxSettings = z.output<typeof evaluationSchema>['sandbox']

/** Settings of the sandbox with the socket of a running host, where they name one, as `beside` resolves a path of the file that says it. */
export function sandboxBeside<Settings extends Pick<SandboxSettings, 'runtime'>>({
  sandbox,
  beside,
}: {
  sandbox: Settings
  beside: (path: string) => string
}): Settings {
  const { runtime } = sandbox
  return typeof runtime === 'object' ? { ...sandbox, runtime: { socket: beside(runtime.socket) } } : sandbox
}
