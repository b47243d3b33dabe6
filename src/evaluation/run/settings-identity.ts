import type { EvaluationConfig } from '../../config/evaluation-config.js'
import { judgePromptHash } from '../../reward/judge-prompt.js'
import type { Json } from '../../store/manifest.js'

/** Settings that change how fast a run is, where a server stands or what it may cost, but not what a sample is. */
const FREE = new Set([
  'concurrency',
  'retries',
  'timeoutSeconds',
  'workers',
  'baseUrl',
  'price',
  'maxCalls',
  'maxTokens',
  'maxCost',
  'url',
  'headers',
  'maxPerMinute',
])

/** What of a configuration a resumed run must share, besides what the evaluation knows itself (suite, agent, sandbox, scoring). */
export function settingsIdentity({
  policy,
  judge,
  seed,
  sandbox,
}: Pick<EvaluationConfig, 'policy' | 'judge' | 'seed'> & {
  sandbox?: Pick<EvaluationConfig['sandbox'], 'tools'>
}): Record<string, Json> {
  const tools = sandbox?.tools ?? []
  return {
    ...(tools.length > 0 && { tools: tools.map(bound) }),
    policy: bound(policy),
    judge: judge === 'none' ? judge : { ...bound(judge), prompt: judgePromptHash() },
    seed,
  }
}

function bound(settings: object): Record<string, Json> {
  const kept = Object.entries(settings).filter(([name, value]) => !FREE.has(name) && value !== undefined)
  return JSON.parse(JSON.stringify(Object.fromEntries(kept))) as Record<string, Json>
}
