import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheDirectory } from './config/cache-directory.js'
import { containerEnvironment } from './config/container-environment.js'
import { findProgram } from './config/find-program.js'
import { trainingMemory } from './config/memory-settings.js'
import { judgeServer, policyServer, vllmKey } from './config/environment.js'
import { toolHeaders } from './config/tool-headers.js'
import type { ToolSettings } from './config/tool-schema.js'
import { torchProcessEnvironment } from './config/torch-environment.js'
import type { EvaluationJudge, EvaluationPolicy } from './config/evaluation-config.js'
import type { TrainingModel } from './config/training-schema.js'
import type { Shard } from './config/parse-shard.js'
import { SandboxError, UsageError } from './core/errors.js'
import type { Judge } from './core/judge.js'
import type { Policy } from './core/policy.js'
import type { HostTool, HostTools } from './core/host-tool.js'
import type { Sandbox, SandboxProfile } from './core/sandbox.js'
import type { ToolAnalyzer } from './core/tool-analysis.js'
import type { TrainablePolicy } from './core/trainable-policy.js'
import { createChatClient, type RetryNotice } from './llm/chat-client.js'
import { createReplyCache, type ReplyCache } from './llm/reply-cache.js'
import { JUDGE_SETTINGS } from './llm/setting-names.js'
import { capsOfShard, type TokenPrice, type UsageCaps } from './llm/usage-account.js'
import { createOpenAiPolicy } from './policies/openai.js'
import type { CheckConversation } from './policies/tokens/check-conversation.js'
import type { TorchPython } from './policies/torch/torch-python.js'
import { createReplayPolicy } from './policies/replay.js'
import { createTesseractPolicy } from './policies/tesseract/tesseract-policy.js'
import { createJudge } from './reward/judge.js'
import { bubblewrapRuntime } from './sandbox/bubblewrap.js'
import { containerRuntime } from './sandbox/container.js'
import { SandboxPool } from './sandbox/pool.js'
import { runningHostRuntime } from './sandbox/running-host.js'
import type { PythonParts, Runtime } from './sandbox/runtime.js'
import type { SandboxLimits } from './sandbox/sandbox-limits.js'
import { uncontainedRuntime } from './sandbox/uncontained.js'
import { hasSandboxImage, imageTag } from './setup/docker-image.js'
import { pyEngineDirectory, pySandboxDirectory, pythoniaPackage } from './setup/package-paths.js'
import { findPythonEnvironment, whereNoPythonEnvironment } from './setup/python-environment.js'
import { findReadyRuntime } from './setup/sandbox-runtime.js'
import { findTorchEnvironment } from './setup/torch-environment.js'
import { openRun } from './store/open-run.js'
import { createHttpTool } from './tools/http-tool.js'
import { createOcrTool } from './tools/ocr-tool.js'

/** How code is contained; `auto` takes the first of bubblewrap, Docker and Podman that is ready, and never `none`. */
export type RuntimeChoice = 'auto' | 'docker' | 'podman' | 'bubblewrap' | 'none' | { socket: string }

export interface CreateSandboxOptions {
  /** Default `auto`. */
  runtime?: RuntimeChoice
  /** `standard` (default): what the paper describes; `release`: what the released environment really does. */
  profile?: SandboxProfile
  /** Hosts, each with a zygote of its own; default 1, or one for each sandbox that runs already. */
  hosts?: number
  /** Calls that run at the same time in each host; default: four per processor, so that those that never end hold up nobody before their deadline. */
  concurrency?: number
  /** Keep a second host ready beside each, which takes over when the first dies; default true. Costs about 70 MB of memory a host. */
  standby?: boolean
  /** Calls that may wait for their turn, those of all sessions together; one more is refused. Default 1,000. */
  maxQueue?: number
  /** What the images of all open sessions may hold together; default half of /dev/shm. */
  maxBytes?: number
  /** Defaults: 10 s and 1 GiB a call, results up to 64 Mpx, inputs up to 128 Mpx. */
  limits?: Partial<SandboxLimits>
  /** Functions of this process that the code may call as `tools.NAME(…)`; default none. The sandbox closes them when it is closed. */
  tools?: HostTools
  /** Told of what the caller should know, such as that nothing is contained, and of the first failure of each tool; default a warning of the process. */
  onWarning?: (message: string) => void
}

export const DEFAULT_LIMITS: SandboxLimits = {
  timeoutMs: 10_000,
  memoryBytes: 2 ** 30,
  maxResultPixels: 64e6,
  maxInputPixels: 128e6,
}

const PLACES_PER_PROCESSOR = 4

const UNCONTAINED =
  'Warning: runtime none: the code is NOT contained and can reach whatever this user can. Use it for code you trust only.'

/**
 * Start a sandbox.
 * @throws SandboxError when the runtime is not ready, with the command that makes it so.
 */
export async function createSandbox(options: CreateSandboxOptions = {}): Promise<Sandbox & ToolAnalyzer> {
  return openSandboxPool(options)
}

/** The same, with what only this project's own tools use. */
export async function openSandboxPool({
  runtime = 'auto',
  profile = 'standard',
  hosts,
  concurrency = PLACES_PER_PROCESSOR * availableParallelism(),
  limits = {},
  onWarning = (message) => process.emitWarning(message),
  ...bounds
}: CreateSandboxOptions & { observe?: boolean } = {}): Promise<SandboxPool> {
  if (runtime === 'none') onWarning(UNCONTAINED)
  const resolved = await resolveRuntime(runtime)
  return SandboxPool.open({
    runtime: resolved,
    profile,
    hosts: hosts ?? resolved.replicas ?? 1,
    concurrency,
    limits: { ...DEFAULT_LIMITS, ...limits },
    onWarning,
    ...bounds,
  })
}

/** The driver of a choice, with what it needs from this machine. @throws SandboxError when it is not ready. */
export async function resolveRuntime(choice: RuntimeChoice): Promise<Runtime> {
  if (typeof choice === 'object') return runningHostRuntime({ path: choice.socket })
  switch (choice) {
    case 'auto': {
      const ready = await findReadyRuntime()
      if (ready === null) {
        throw new SandboxError(
          `No sandbox can start here yet: neither bubblewrap with its Python environment (looked for ${whereNoPythonEnvironment()}) nor a container image is ready. Run: npx codevision setup (npx codevision doctor says what is missing)`,
        )
      }
      return resolveRuntime(ready)
    }
    case 'docker':
    case 'podman': {
      if (!(await hasSandboxImage({ binary: choice }))) {
        throw new SandboxError(
          `The sandbox image ${await imageTag()} is not there, or ${choice} does not answer. Run: npx codevision setup docker --engine ${choice}`,
        )
      }
      return containerRuntime({
        binary: choice,
        image: await imageTag(),
        environment: containerEnvironment(),
      })
    }
    case 'bubblewrap':
      // By its path: what it runs is given another PATH than ours.
      return bubblewrapRuntime({ python: await pythonParts(), binary: findProgram('bwrap') ?? 'bwrap' })
    case 'none':
      return uncontainedRuntime({ python: await pythonParts() })
  }
}

async function pythonParts(): Promise<PythonParts> {
  const environment = await findPythonEnvironment()
  if (environment === null)
    throw new SandboxError(
      `The sandbox's Python environment is not there yet: looked for ${whereNoPythonEnvironment()}. Run: npx codevision setup python`,
    )
  const { python, basePrefix, site } = environment
  return {
    executable: python,
    basePrefix,
    site,
    sandboxPackage: pySandboxDirectory(),
    pythonia: pythoniaPackage().python,
  }
}

/** The trusted Python of the torch engine. @throws UsageError where it is not installed, with the command that does it. */
export async function torchPython(): Promise<TorchPython> {
  const environment = await findTorchEnvironment()
  if (environment === null)
    throw new UsageError(
      `The Python environment of the torch engine is not there yet: looked for ${whereNoPythonEnvironment()}. Run: npx codevision setup python --torch (5.5 GB)`,
    )
  const { python: executable, site } = environment
  return { executable, site, enginePackage: pyEngineDirectory(), pythonia: pythoniaPackage().python }
}

/**
 * The functions that a configuration lets code in the sandbox call; nothing is started yet.
 * @throws UsageError where a header's environment variable is not set.
 */
export function loadTools(settings: readonly ToolSettings[]): HostTools {
  return Object.fromEntries(settings.map((tool) => [tool.name, loadTool(tool)]))
}

function loadTool(tool: ToolSettings): HostTool {
  const { maxCalls, maxPerMinute, maxBytes, timeoutSeconds } = tool
  const limits = { maxCalls, maxPerMinute, maxBytes, timeoutMs: timeoutSeconds * 1_000 }
  switch (tool.kind) {
    case 'http':
      return createHttpTool({ ...tool, headers: toolHeaders(tool), description: tool.description, limits })
    case 'builtin':
      return createOcrTool({ workers: tool.workers, limits })
  }
}

/** What is told while a server is asked again. */
export interface ServerOptions {
  onRetry?: (notice: RetryNotice) => void
  /** The run's seed, for servers that sample. */
  seed?: number
}

/** What of a server's replies is kept, and what a run may use of it. */
interface ReplyOptions {
  /** Keep replies in the cache directory (CODEVISION_CACHE), and take from there what was asked before. Default true. */
  cache?: boolean
  /** Told of cached replies that cannot be used, and of a cache that cannot be written. */
  onWarning?: (message: string) => void
  /** The part of the run that is done here: caps are those of all its shards together. */
  shard?: Shard | null
}

export interface PolicyOptions extends ServerOptions, ReplyOptions {
  /** Calls at the same time where the configuration does not say. */
  concurrency?: number
}

export interface JudgeOptions extends Pick<ServerOptions, 'onRetry'>, ReplyOptions {}

/**
 * The policy that a configuration names.
 * @throws UsageError where it cannot be made of what is there: no address of a server, no such run.
 */
export async function loadPolicy(
  policy: EvaluationPolicy,
  { onRetry, seed, concurrency: places, ...replies }: PolicyOptions = {},
): Promise<Policy> {
  switch (policy.kind) {
    case 'tesseract':
      return createTesseractPolicy(policy.workers === undefined ? {} : { workers: policy.workers })
    case 'replay': {
      const run = await openRun({ path: policy.run, mode: 'read' })
      return createReplayPolicy({ run: run.path, lookup: (key) => run.find(key) })
    }
    case 'tfjs': {
      const { openTfjsPolicy } = await import('./policies/tfjs/open-tfjs-policy.js')
      const { model: directory, backend, temperature, topP, topK } = policy
      const [drawn, together] = [policy.seed ?? seed, policy.concurrency ?? places]
      return openTfjsPolicy({
        directory,
        backend,
        ...(temperature !== undefined && { temperature }),
        ...(topP !== undefined && { topP }),
        ...(topK !== undefined && { topK }),
        ...(drawn !== undefined && { seed: drawn }),
        ...(together !== undefined && { places: together }),
      })
    }
    case 'torch': {
      const { openTorchPolicy } = await import('./policies/torch/open-torch-policy.js')
      const { model: directory, temperature, topP, topK } = policy
      const { device, dtype, train, lora, freezeVision, checkpointing, batchTokens } = policy
      const [drawn, together] = [policy.seed ?? seed, policy.concurrency ?? places]
      return openTorchPolicy({
        python: await torchPython(),
        environment: torchProcessEnvironment(),
        directory,
        ...{ device, dtype, train, lora, freezeVision, checkpointing, batchTokens },
        ...(temperature !== undefined && { temperature }),
        ...(topP !== undefined && { topP }),
        ...(topK !== undefined && { topK }),
        ...(drawn !== undefined && { seed: drawn }),
        ...(together !== undefined && { places: together }),
      })
    }
    case 'openai': {
      const { baseUrl, apiKey } = policyServer()
      const { model, toolFormat, image, temperature, topP, timeoutSeconds, retries } = policy
      const { concurrency = places } = policy
      const client = createChatClient({
        baseUrl: addressOf(policy.baseUrl ?? baseUrl, 'policy', 'OPENAI_BASE_URL'),
        apiKey,
        model,
        ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
        ...(retries !== undefined && { maxRetries: retries }),
        ...(concurrency !== undefined && { concurrency }),
        ...(onRetry && { onRetry }),
      })
      const drawn = policy.seed ?? seed
      const sampling = {
        ...(temperature !== undefined && { temperature }),
        ...(topP !== undefined && { topP }),
        ...(drawn !== undefined && { seed: drawn }),
      }
      return createOpenAiPolicy({ client, toolFormat, image, sampling, ...termsOf(policy, replies) })
    }
  }
}

/**
 * The policy that a training's configuration names. Nothing is cut off its distribution, so that what it samples is what its log-probabilities are of.
 * @throws UsageError where it cannot be made of what is there.
 */
export async function loadTrainablePolicy(
  model: TrainingModel,
  {
    seed,
    concurrency,
  }: {
    seed: number
    /** Rollouts at the same time; absent: none are sampled. */
    concurrency?: number
  },
): Promise<TrainablePolicy> {
  const { path: directory, temperature, optimizer } = model
  const common = {
    ...{ directory, temperature, topP: 1, topK: 0, seed, optimizer },
    ...(concurrency !== undefined && { places: concurrency }),
    memory: trainingMemory({ model, isSampled: concurrency !== undefined }),
  }
  switch (model.kind) {
    case 'tfjs': {
      const { openTrainableTfjsPolicy } = await import('./policies/tfjs/open-trainable-tfjs-policy.js')
      const { backend, trains, savedType, tokensPerPart } = model
      return openTrainableTfjsPolicy({
        ...{ ...common, backend, trains, savedType },
        ...(tokensPerPart !== undefined && { tokensPerPart }),
      })
    }
    case 'torch': {
      const { openTorchPolicy } = await import('./policies/torch/open-torch-policy.js')
      const { createVllmServer } = await import('./policies/torch/vllm-server.js')
      const { device, dtype, train, lora, freezeVision, checkpointing, batchTokens, vllm } = model
      return openTorchPolicy({
        python: await torchPython(),
        environment: torchProcessEnvironment(),
        ...{ ...common, device, dtype, train, lora, freezeVision, checkpointing, batchTokens },
        ...(vllm !== undefined && {
          vllm: {
            server: createVllmServer({ url: vllm.url, apiKey: vllmKey() }),
            folder: vllm.folder ?? tmpdir(),
          },
        }),
      })
    }
  }
}

/** Tells conversations that the model of a training cannot read, without its weights. @throws UsageError where its files cannot be read. */
export async function loadConversationCheck({ path, kind }: TrainingModel): Promise<CheckConversation> {
  const { openConversationCheck } = await import('./policies/tokens/check-conversation.js')
  return openConversationCheck({ directory: path, policy: kind })
}

/** The judge that a configuration names; null where it says `none`. @throws UsageError without the address of its server. */
export function loadJudge(
  judge: EvaluationJudge | 'none',
  { onRetry, ...replies }: JudgeOptions = {},
): Judge | null {
  if (judge === 'none') return null
  const { baseUrl, apiKey } = judgeServer()
  const { reading, timeoutSeconds, retries, concurrency } = judge
  const client = createChatClient({
    baseUrl: addressOf(judge.baseUrl ?? baseUrl, 'judge', 'JUDGE_BASE_URL'),
    apiKey,
    model: judge.model,
    names: JUDGE_SETTINGS,
    ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
    ...(retries !== undefined && { maxRetries: retries }),
    ...(concurrency !== undefined && { concurrency }),
    ...(onRetry && { onRetry }),
  })
  return createJudge({ client, reading, ...termsOf(judge, replies) })
}

/** Where a model's replies are kept, its price and its caps. */
function termsOf(
  { price, ...caps }: Pick<EvaluationJudge, 'price' | 'maxCalls' | 'maxTokens' | 'maxCost'>,
  { cache = true, onWarning = (message) => process.emitWarning(message), shard = null }: ReplyOptions,
): UsageCaps & { cache: ReplyCache | null; price: TokenPrice | null } {
  return {
    cache: cache ? createReplyCache({ directory: join(cacheDirectory(), 'replies'), onWarning }) : null,
    price: price ?? null,
    ...capsOfShard({ caps, shard }),
  }
}

function addressOf(baseUrl: string | null, section: string, variable: string): string {
  if (baseUrl !== null) return baseUrl
  throw new UsageError(
    `No address of the ${section}'s server: set ${variable}, or ${section}.baseUrl in the configuration, such as http://localhost:8000/v1.`,
  )
}
