import { judgeServer, policyServer, type Environment } from './environment.js'
import type { EvaluationConfig } from './evaluation-config.js'

/** A configuration as a manifest keeps it: with the addresses that the environment gave, so that it tells whose answers these are. A password in an address is left out. */
export function recordedConfig({
  config,
  environment,
}: {
  config: EvaluationConfig
  environment?: Environment
}): EvaluationConfig {
  const { policy, judge } = config
  return {
    ...config,
    policy: policy.kind === 'openai' ? withAddress(policy, policyServer(environment).baseUrl) : policy,
    judge: judge === 'none' ? judge : withAddress(judge, judgeServer(environment).baseUrl),
  }
}

function withAddress<Server extends { baseUrl?: string | undefined }>(
  server: Server,
  fromEnvironment: string | null,
): Server {
  const address = server.baseUrl ?? fromEnvironment
  return address === null ? server : { ...server, baseUrl: withoutPassword(address) }
}

function withoutPassword(address: string): string {
  if (!URL.canParse(address)) return address
  const url = new URL(address)
  if (url.username === '' && url.password === '') return address
  url.username = ''
  url.password = ''
  return url.href
}
