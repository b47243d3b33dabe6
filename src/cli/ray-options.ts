import type { Argv } from 'yargs'
import type { RayClient } from '../cluster/ray/ray-client.js'
import { createRetryNotice } from './retry-notice.js'
import { textOf } from './text-of.js'

export interface RayArguments {
  address: string | undefined
  'token-file': string | undefined
}

/** Where the cluster is, as every command that talks to it takes it. */
export function withRayOptions<Given>(command: Argv<Given>): Argv<Given & RayArguments> {
  return command
    .option('address', {
      ...textOf('--address', 'the address of a Ray dashboard'),
      describe: 'Ray dashboard [default: RAY_API_SERVER_ADDRESS, RAY_ADDRESS, else http://127.0.0.1:8265]',
    })
    .option('token-file', {
      ...textOf('--token-file', 'a file'),
      describe: 'File with the token of the cluster [default: RAY_AUTH_TOKEN]',
    })
}

/** The same of a command about one job. */
export function withJobOptions<Given>(command: Argv<Given>): Argv<Given & RayArguments & { id: string }> {
  return withRayOptions(
    command.positional('id', {
      ...textOf('id', 'the name of a job'),
      demandOption: true,
      describe: 'Name of the job',
    }),
  )
}

/** @throws UsageError for an address or a token that is none. */
export async function openRayClient({ address, 'token-file': tokenFile }: RayArguments): Promise<RayClient> {
  const { rayDashboard } = await import('../config/ray-environment.js')
  const { createRayClient } = await import('../cluster/ray/ray-client.js')
  return createRayClient({ ...(await rayDashboard({ address, tokenFile })), onRetry: createRetryNotice() })
}
