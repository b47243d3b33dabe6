import { expect, test } from '@jest/globals'
import { SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { loadEvaluationConfig } from '../../config/evaluation-config.js'
import { UsageError } from '../../core/errors.js'
import type { HostTools } from '../../core/host-tool.js'
import { loadAgentSettings } from './agent-settings.js'

const TOOLS: HostTools = {
  ocr: { description: 'Reads text.', parameters: { image: 'image' }, result: 'boxes', call: async () => [] },
}

async function agentOf(agent: object) {
  const overrides = { data: 'rows.jsonl', judge: 'none' as const, agent }
  return (await loadEvaluationConfig({ path: null, overrides, environment: {} })).agent
}

test('the prompt tells of the functions only where that is asked for', async () => {
  expect((await loadAgentSettings(await agentOf({}), TOOLS)).prompt).toBe(SYSTEM_PROMPT)
  const { prompt } = await loadAgentSettings(await agentOf({ describeTools: true }), TOOLS)
  expect(prompt.startsWith(SYSTEM_PROMPT)).toBe(true)
  expect(prompt.slice(SYSTEM_PROMPT.length)).toContain('tools.ocr(image: image)')
})

test('what there is not cannot be told of', async () => {
  const told = await agentOf({ describeTools: true })
  await expect(loadAgentSettings(told)).rejects.toBeInstanceOf(UsageError)
  const direct = await agentOf({ describeTools: true, tools: false })
  await expect(loadAgentSettings(direct, TOOLS)).rejects.toThrow('agent.describeTools')
})
