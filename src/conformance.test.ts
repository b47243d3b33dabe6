import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { SYSTEM_PROMPT } from './agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from './agent/tool-description.js'
import { rewardSchema } from './config/reward-schema.js'
import { testRuntime } from './config/test-runtime.js'
import type { SandboxPool } from './sandbox/pool.js'
import { checkConformance } from './services/conformance/check-conformance.js'
import type { ConformanceResult } from './services/conformance/conformance-rule.js'
import { checkMcpConformance } from './services/conformance/mcp-rules.js'
import { checkOpenEnvConformance } from './services/conformance/openenv-rules.js'
import { EnvironmentService } from './services/environment/environment-service.js'
import type { EpisodeTasks } from './services/environment/episode-tasks.js'
import { ImageRoots } from './services/mcp/image-roots.js'
import { ImageSources } from './services/mcp/image-sources.js'
import { DEFAULT_MCP_LIMITS } from './services/mcp/mcp-limits.js'
import { McpService } from './services/mcp/mcp-service.js'
import { environmentTasks } from './services/testing/environment-tasks.js'
import { openSandboxPool, type RuntimeChoice } from './wiring.js'

/** The rules against the service itself, with a real sandbox. */
const runtime = (testRuntime() ?? 'auto') as RuntimeChoice
let sandbox: SandboxPool
let tasks: EpisodeTasks
const services: { drain(how: { graceMs: number }): Promise<void> }[] = []

beforeAll(async () => {
  tasks = await environmentTasks({ count: 2 })
  sandbox = await openSandboxPool({ runtime, concurrency: 1, standby: false })
})
afterEach(() => Promise.all(services.splice(0).map((service) => service.drain({ graceMs: 0 }))))
afterAll(() => sandbox.close())

async function environmentUnder(reward: object): Promise<string> {
  const service = await EnvironmentService.start({
    ...{ tasks, sandbox, version: '0' },
    agent: {
      prompt: SYSTEM_PROMPT,
      tools: [CODE_IMAGE_TOOL],
      view: { minPixels: 784, maxPixels: 200_704 },
      parsing: 'robust',
      feedback: 'standard',
      limits: { turns: 4, timeoutMs: 2_000 },
    },
    scoring: {
      scoring: { profile: 'codevision', judge: null },
      scorer: 'none',
      reward: rewardSchema.parse(reward),
    },
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    logger: pino({ level: 'silent' }),
  })
  services.push(service)
  return service.url
}

async function failuresOf(results: AsyncIterable<ConformanceResult>): Promise<string[]> {
  const failed: string[] = []
  for await (const { name, failure } of results) if (failure !== null) failed.push(`${name}: ${failure}`)
  return failed
}

test('every rule holds for the reward of the paper, which sees what the code did', async () => {
  const url = await environmentUnder({ variant: 'paper' })
  expect(await failuresOf(checkConformance({ url }))).toEqual([])
  expect(await failuresOf(checkOpenEnvConformance({ url }))).toEqual([])
}, 120_000)

test('tricks that the released reward pays, which reads the text of the code, are found', async () => {
  const url = await environmentUnder({ variant: 'release' })
  const failed = await failuresOf(checkConformance({ url }))
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.filter((line) => !line.startsWith('no pay for'))).toEqual([])
  expect(failed.join('\n')).toContain('no pay for calls in code that is never reached: expected at most')
}, 120_000)

test('every rule holds for the MCP server', async () => {
  const service = await McpService.start({
    ...{ sandbox, limits: DEFAULT_MCP_LIMITS, maxPixels: 1_000_000, leaseMs: 600_000, version: '0' },
    sources: new ImageSources({
      ...{ roots: await ImageRoots.of([]), urls: 'none', limits: DEFAULT_MCP_LIMITS },
    }),
    address: { kind: 'tcp', host: '127.0.0.1', port: 0 },
    http: { bodyBytes: 1 << 20, connections: 100 },
    logger: pino({ level: 'silent' }),
  })
  services.push(service)
  expect(await failuresOf(checkMcpConformance({ url: `${service.url}/mcp` }))).toEqual([])
}, 120_000)

test('where nothing answers, that is an error and no failed rule', async () => {
  const url = 'http://127.0.0.1:1/mcp'
  await expect(checkConformance({ url }).next()).rejects.toThrow(
    'expected `codevision serve env` to answer there',
  )
  await expect(checkOpenEnvConformance({ url }).next()).rejects.toThrow('environment of OpenEnv')
  await expect(checkMcpConformance({ url }).next()).rejects.toThrow('expected `codevision serve mcp --http`')
})
