import { describeTools } from '../../agent/describe-tools.js'
import { loadSystemPrompt, loadToolDescription } from '../../agent/load-prompt.js'
import { promptHash } from '../../agent/prompt-hash.js'
import type { RolloutRequest } from '../../agent/rollout.js'
import { DIRECT_PROMPT, SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import type { EvaluationConfig } from '../../config/evaluation-config.js'
import { UsageError } from '../../core/errors.js'
import type { HostTools } from '../../core/host-tool.js'
import type { Json } from '../../store/manifest.js'

/** How a policy is let work: what a rollout needs besides task, policy and sandbox. */
export type AgentSettings = Required<
  Pick<RolloutRequest, 'prompt' | 'tools' | 'view' | 'parsing' | 'feedback' | 'limits'>
>

/**
 * Settings from a configuration, prompt and tool description read from their files where they are named.
 * @param hostTools what code in the sandbox may call; the prompt tells of them where the configuration says so.
 * @throws UsageError for a file that is missing or not what it must be, and for tools to be told of that are not there.
 */
export async function loadAgentSettings(
  agent: EvaluationConfig['agent'],
  hostTools: HostTools = {},
): Promise<AgentSettings> {
  const { systemPrompt, toolDescription, turns, tokensPerTurn, charactersPerTurn, totalTokens } = agent
  const builtIn = agent.tools ? SYSTEM_PROMPT : DIRECT_PROMPT
  const tool =
    toolDescription === undefined ? CODE_IMAGE_TOOL : await loadToolDescription({ path: toolDescription })
  const prompt = systemPrompt === undefined ? builtIn : await loadSystemPrompt({ path: systemPrompt })
  if (agent.describeTools && (!agent.tools || Object.keys(hostTools).length === 0))
    throw new UsageError(
      'agent.describeTools (--describe-tools): expected functions that the code can call, got none. List them under sandbox.tools (--host-tools) and leave agent.tools on, or leave it out.',
    )
  return {
    prompt: agent.describeTools ? prompt + describeTools(hostTools) : prompt,
    tools: agent.tools ? [tool] : [],
    view: { minPixels: agent.minPixels, maxPixels: agent.maxPixels },
    parsing: agent.parsing,
    feedback: agent.feedback,
    limits: {
      turns,
      charactersPerTurn,
      timeoutMs: agent.timeoutSeconds * 1000,
      ...(tokensPerTurn !== undefined && { tokensPerTurn }),
      ...(totalTokens !== undefined && { totalTokens }),
    },
  }
}

/** The same for a manifest: everything that decides what the model is told and allowed, the prompt as its hash. */
export function agentIdentity({ prompt, tools, view, parsing, feedback, limits }: AgentSettings): Json {
  return {
    prompt: promptHash({ prompt, tools }),
    tools: tools.map(({ name }) => name),
    view: { ...view },
    parsing,
    feedback,
    limits: { ...limits },
  }
}
