/** How the user calls the settings of a client: an error tells which one to change. */
export interface SettingNames {
  baseUrl: string
  apiKey: string
  model: string
}

export const POLICY_SETTINGS: SettingNames = {
  baseUrl: 'policy.baseUrl or OPENAI_BASE_URL',
  apiKey: 'OPENAI_API_KEY',
  model: '--model or policy.model',
}

export const JUDGE_SETTINGS: SettingNames = {
  baseUrl: 'judge.baseUrl or JUDGE_BASE_URL',
  apiKey: 'JUDGE_API_KEY',
  model: '--judge or JUDGE_MODEL',
}
