import { loadSystemPrompt, loadToolDescription } from '../../agent/load-prompt.js'
import { promptHash } from '../../agent/prompt-hash.js'
import type { RolloutRequest } from '../../agent/rollout.js'
import { DIRECT_PROMPT, SYSTEM_PROMPT } from '../../agent/system-prompt.js'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import type { EvaluationConfig } from '../../config/evaluation-config.js'
import type { Json } from '../../store/manifest.js'

/** How a policy is let work: what a rollout needs besides task, policy and sandbox. */
export type AgentSettings = Required<
  Pick<RolloutRequest, 'prompt' | 'tools' | 'view' | 'parsing' | 'feedback' | 'limits'>
>

/**
 * Settings from a configuration, prompt and tool description read from their files where they are named.
 * @throws UsageError for a file that is missing or not what it must be.
 */
export async function loadAgentSettings(agent: EvaluationConfig['agent']): Promise<AgentSettings> {
  const { systemPrompt, toolDescription, turns, tokensPerTurn, charactersPerTurn, totalTokens } = agent
  const builtIn = agent.tools ? SYSTEM_PROMPT : DIRECT_PROMPT
  const tool =
    toolDescription === undefined ? CODE_IMAGE_TOOL : await loadToolDescription({ path: toolDescription })
  return {
    prompt: systemPrompt === undefined ? builtIn : await loadSystemPrompt({ path: systemPrompt }),
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
