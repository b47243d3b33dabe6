/** The variables of a process; tests pass their own. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What the environment says of a server; a variable that is empty counts as not set. */
export interface ServerEnvironment {
  baseUrl: string | null
  apiKey: string | null
}

/** OPENAI_BASE_URL and OPENAI_API_KEY: the server of the model under evaluation. */
export function policyServer(environment: Environment = process.env): ServerEnvironment {
  return { baseUrl: read(environment, 'OPENAI_BASE_URL'), apiKey: read(environment, 'OPENAI_API_KEY') }
}

/** JUDGE_BASE_URL, JUDGE_API_KEY and JUDGE_MODEL: never mixed with those of the model under evaluation. */
export function judgeServer(
  environment: Environment = process.env,
): ServerEnvironment & { model: string | null } {
  return {
    baseUrl: read(environment, 'JUDGE_BASE_URL'),
    apiKey: read(environment, 'JUDGE_API_KEY'),
    model: read(environment, 'JUDGE_MODEL'),
  }
}

/** VLLM_API_KEY: of a server that writes the turns of a training. */
export function vllmKey(environment: Environment = process.env): string | null {
  return read(environment, 'VLLM_API_KEY')
}

/** HF_ENDPOINT and HF_TOKEN: where data sets come from, without a slash at its end. */
export function hub(environment: Environment = process.env): { endpoint: string; token: string | null } {
  return {
    endpoint: (read(environment, 'HF_ENDPOINT') ?? 'https://huggingface.co').replace(/\/+$/, ''),
    token: read(environment, 'HF_TOKEN'),
  }
}

/** Variables, as NAME and value, that say which servers and judge are asked. An address that carries a password or a key is not among them. */
export function serverVariables(environment: Environment = process.env): [name: string, value: string][] {
  const names = ['OPENAI_BASE_URL', 'JUDGE_BASE_URL', 'JUDGE_MODEL']
  return names.flatMap((name): [string, string][] => {
    const value = read(environment, name)
    return value === null || holdsSecret({ value, environment }) ? [] : [[name, value]]
  })
}

function holdsSecret({ value, environment }: { value: string; environment: Environment }): boolean {
  if (secrets(environment).some((secret) => value.includes(secret))) return true
  if (!URL.canParse(value)) return false
  const { username, password, searchParams } = new URL(value)
  const names = [...searchParams.keys()]
  return username !== '' || password !== '' || names.some((name) => /key|token|secret|sig/i.test(name))
}

/** Whether npx (`npm exec`) started this process, or one that it comes from. */
export function isUnderNpx(environment: Environment = process.env): boolean {
  return read(environment, 'npm_command') === 'exec'
}

/** Values that must appear in no file and no log. */
export function secrets(environment: Environment = process.env): string[] {
  const names = ['OPENAI_API_KEY', 'JUDGE_API_KEY', 'VLLM_API_KEY', 'HF_TOKEN']
  return names.flatMap((name) => read(environment, name) ?? [])
}

function read(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim()
  return value === undefined || value === '' ? null : value
}
