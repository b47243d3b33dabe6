/** How the user calls the settings of a client: an error tells which one to change. */
export interface SettingNames {
  baseUrl: string
  apiKey: string
  model: string
  timeout: string
  /** What bounds an answer; null where nothing does that can be set. */
  length: string | null
}

export const POLICY_SETTINGS: SettingNames = {
  baseUrl: 'policy.baseUrl or OPENAI_BASE_URL',
  apiKey: 'OPENAI_API_KEY',
  model: '--model or policy.model',
  timeout: 'policy.timeoutSeconds or --request-timeout',
  length: 'agent.tokensPerTurn or --max-tokens',
}

export const JUDGE_SETTINGS: SettingNames = {
  baseUrl: 'judge.baseUrl or JUDGE_BASE_URL',
  apiKey: 'JUDGE_API_KEY',
  model: '--judge or JUDGE_MODEL',
  timeout: 'judge.timeoutSeconds',
  length: null,
}
