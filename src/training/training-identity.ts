import type { Json } from '../store/manifest.js'
import { lastingSettings } from './lasting-settings.js'

/**
 * What a resumed training must share with how it began, as far as it is known before the policy and the sandbox are there.
 * @param parameters.data SHA-256 over the identities of what is learned from
 * @param parameters.further other parts of it, such as the agent's
 */
export function trainingIdentity({
  kind,
  data: { sha256, rows },
  config,
  further = {},
}: {
  kind: 'sft' | 'grpo'
  data: { sha256: string; rows: number }
  config: object
  further?: Record<string, Json>
}): Record<string, Json> {
  return {
    dataset: { sha256, rows },
    training: { kind, settings: lastingSettings(config) },
    ...further,
  }
}
