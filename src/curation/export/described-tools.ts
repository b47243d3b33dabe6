import { z } from 'zod'
import { loadToolDescription } from '../../agent/load-prompt.js'
import { CODE_IMAGE_TOOL } from '../../agent/tool-description.js'
import type { ToolDescription } from '../../core/policy.js'
import type { RunReader } from '../../store/run.js'

const config = z.object({
  policy: z.object({ toolFormat: z.string().optional() }).optional(),
  agent: z.object({ tools: z.boolean().optional(), toolDescription: z.string().optional() }).optional(),
})

/**
 * The tools that the model of a run was told of outside of its system prompt, as a server with function calling tells them; null where the prompt alone told them.
 * @throws UsageError where the run's own description was a file that is not there any more
 */
export async function describedTools({
  manifest,
}: Pick<RunReader, 'manifest'>): Promise<readonly ToolDescription[] | null> {
  const { policy, agent } = config.safeParse(manifest.config).data ?? {}
  if (policy?.toolFormat !== 'native' || agent?.tools === false) return null
  const path = agent?.toolDescription
  return [path === undefined ? CODE_IMAGE_TOOL : await loadToolDescription({ path })]
}
