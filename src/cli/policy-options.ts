import { oneOf } from './one-of.js'
import type { Argv } from 'yargs'
import type { EvaluationOverrides } from '../config/evaluation-config.js'
import { parsePrice } from './parse-price.js'

/** Options of every command that lets a policy work. */
export interface PolicyArguments {
  policy: 'tesseract' | 'openai' | 'tfjs' | 'torch' | 'replay' | undefined
  model: string | undefined
  'base-url': string | undefined
  backend: 'auto' | 'node' | 'wasm' | 'cpu' | undefined
  device: 'auto' | 'cuda' | 'cpu' | undefined
  temperature: number | undefined
  'request-timeout': number | undefined
  native: boolean | undefined
  replay: string | undefined
  'policy-price': string | undefined
  'policy-max-calls': number | undefined
  'policy-max-tokens': number | undefined
  'policy-max-cost': number | undefined
  runtime: 'auto' | 'docker' | 'podman' | 'bubblewrap' | 'none' | undefined
  'sandbox-socket': string | undefined
  'sandbox-profile': 'standard' | 'release' | undefined
  tools: boolean | undefined
  turns: number | undefined
  'max-characters': number | undefined
  'max-tokens': number | undefined
  timeout: number | undefined
  'min-pixels': number | undefined
  'max-pixels': number | undefined
}

export function withPolicyOptions<T>(command: Argv<T>): Argv<T & PolicyArguments> {
  return command
    .option('policy', {
      ...oneOf('--policy', ['tesseract', 'openai', 'tfjs', 'torch', 'replay']),
      describe:
        'Who answers [default: tesseract; openai where --model is given, tfjs with --backend, torch with --device]',
    })
    .option('model', {
      type: 'string',
      describe:
        'Model of an OpenAI-compatible server (OPENAI_BASE_URL, OPENAI_API_KEY); with --policy tfjs or torch the folder of a checkpoint',
    })
    .option('base-url', { type: 'string', describe: 'Address of that server, up to /v1' })
    .option('backend', {
      ...oneOf('--backend', ['auto', 'node', 'wasm', 'cpu']),
      describe: 'What computes with --policy tfjs [default: auto, the fastest that is there]',
    })
    .option('device', {
      ...oneOf('--device', ['auto', 'cuda', 'cpu']),
      describe: 'Where --policy torch computes [default: auto, the GPU where there is one]',
    })
    .option('temperature', { type: 'number', describe: 'Sampling temperature of that model' })
    .option('request-timeout', {
      type: 'number',
      describe: 'Seconds that server has for one answer [default: 600]',
    })
    .option('native', {
      type: 'boolean',
      describe: "Use the server's own function calling, not calls in the text",
    })
    .option('replay', { type: 'string', describe: 'Run folder whose turns the policy replay plays' })
    .option('policy-price', {
      type: 'string',
      describe: 'Per million tokens, in,out and maybe the currency: 0.15,0.6,USD',
    })
    .option('policy-max-calls', { type: 'number', describe: 'Stop when the model was asked that often' })
    .option('policy-max-tokens', { type: 'number', describe: 'Stop when the model has used that many' })
    .option('policy-max-cost', { type: 'number', describe: 'Stop when the model has cost that much' })
    .option('runtime', {
      ...oneOf('--runtime', ['auto', 'docker', 'podman', 'bubblewrap', 'none']),
      describe: 'How code is contained',
    })
    .option('sandbox-socket', {
      type: 'string',
      describe: 'Sandboxes that run already: a socket, or the folder that holds theirs',
      conflicts: 'runtime',
    })
    .option('sandbox-profile', {
      ...oneOf('--sandbox-profile', ['standard', 'release']),
      describe: 'What a call means: as the paper describes, or as the release does',
    })
    .option('tools', { type: 'boolean', describe: '--no-tools: answer directly [default: with tools]' })
    .option('turns', { type: 'number', describe: 'Assistant turns' })
    .option('max-characters', {
      type: 'number',
      describe: 'Most characters of one turn; a longer one is cut and ends the rollout [default: 100000]',
    })
    .option('max-tokens', {
      type: 'number',
      describe:
        'Most tokens of one turn; a longer one is cut there and ends the rollout [default: 16384; 4096 with --policy tfjs or torch]',
    })
    .option('timeout', { type: 'number', describe: 'Seconds a call may run' })
    .option('min-pixels', { type: 'number', describe: 'Least pixels of what the model sees' })
    .option('max-pixels', { type: 'number', describe: 'Most pixels of what the model sees' })
}

/** What these options say, as the configuration names it; what was not given is absent, so that a file's value stands. */
export function policyOverrides(
  given: PolicyArguments,
): Pick<EvaluationOverrides, 'policy' | 'sandbox' | 'agent'> {
  const kind = given.policy ?? impliedPolicy(given)
  const price = given['policy-price']
  const policy = present({
    kind,
    model: given.model,
    baseUrl: given['base-url'],
    backend: given.backend,
    device: given.device,
    temperature: given.temperature,
    timeoutSeconds: given['request-timeout'],
    toolFormat: given.native === undefined ? undefined : given.native ? 'native' : 'hermes',
    run: given.replay,
    price: price === undefined ? undefined : parsePrice({ option: '--policy-price', text: price }),
    maxCalls: given['policy-max-calls'],
    maxTokens: given['policy-max-tokens'],
    maxCost: given['policy-max-cost'],
  })
  const socket = given['sandbox-socket']
  const runtime = socket === undefined ? given.runtime : { socket }
  const sandbox = present({ runtime, profile: given['sandbox-profile'] })
  const agent = present({
    tools: given.tools,
    turns: given.turns,
    charactersPerTurn: given['max-characters'],
    tokensPerTurn: given['max-tokens'],
    timeoutSeconds: given.timeout,
    minPixels: given['min-pixels'],
    maxPixels: given['max-pixels'],
  })
  return present({ policy, sandbox, agent }) as Pick<EvaluationOverrides, 'policy' | 'sandbox' | 'agent'>
}

function impliedPolicy({
  model,
  replay,
  backend,
  device,
}: PolicyArguments): 'openai' | 'tfjs' | 'torch' | 'replay' | undefined {
  if (replay !== undefined) return 'replay'
  if (backend !== undefined) return 'tfjs'
  if (device !== undefined) return 'torch'
  return model === undefined ? undefined : 'openai'
}

/** The entries that say something; undefined where none does. */
export function present<T extends Record<string, unknown>>(record: T): Partial<T> | undefined {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Partial<T>)
}
