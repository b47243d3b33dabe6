import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { loadSystemPrompt, loadToolDescription } from '../agent/load-prompt.js'
import { readYaml } from '../config/read-yaml.js'
import { errorCode } from '../core/error-code.js'
import { UsageError } from '../core/errors.js'
import { PLACES, RECIPE_COMMIT } from './recipe-places.js'
import type { Part, Recipe } from './recipe.js'
import { readShellSettings } from './shell-settings.js'
import { toolSection } from './tool-section.js'

const trainer = z.object({
  actor_rollout_ref: z.object({ model: z.object({ custom_chat_template: z.string().min(1) }) }),
})
const sft = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

/**
 * Read what a local checkout of the official recipe says. What is not there, or not of the form that it had, is told part by part.
 * @throws UsageError when nothing of it is there
 */
export async function readRecipe(given: string): Promise<Recipe> {
  const folder = resolve(given)
  const part = async <Value>(place: string, read: (path: string) => Promise<Value>): Promise<Part<Value>> => {
    const path = join(folder, place)
    const there = await readFile(path).then(
      () => null,
      (error: unknown) => errorCode(error) ?? String(error),
    )
    if (there !== null) return { isFound: false, place, why: there === 'ENOENT' ? 'no such file' : there }
    try {
      return { isFound: true, place, value: await read(path) }
    } catch (error) {
      if (error instanceof UsageError) return { isFound: false, place, why: error.message }
      throw error
    }
  }
  const tool = await part(PLACES.tool, (path) => loadToolDescription({ path }))
  const chatTemplate = await part(PLACES.trainer, readChatTemplate)
  const recipe: Recipe = {
    folder,
    systemPrompt: await part(PLACES.systemPrompt, (path) => loadSystemPrompt({ path })),
    tool,
    chatTemplate,
    toolSection: sectionOf({ tool, chatTemplate }),
    training: await part(PLACES.training, readScript),
    evaluation: await part(PLACES.evaluation, readScript),
    judge: await part(PLACES.readme, readJudge),
    sft: new Map(
      await Promise.all(
        Object.entries(PLACES.sft).map(
          async ([family, place]) => [family, await part(place, readSft)] as const,
        ),
      ),
    ),
  }
  // A README and a fork of LLaMA-Factory are in many checkouts.
  const own = [recipe.systemPrompt, recipe.tool, recipe.chatTemplate, recipe.training, recipe.evaluation]
  if (own.some(({ isFound }) => isFound)) return recipe
  throw new UsageError(
    [
      `${folder}: expected a checkout of the official recipe (ByteDance-BandAI/CodeVision, commit ${RECIPE_COMMIT}), found nothing of it:`,
      ...own.map(({ place, ...rest }) => `  ${place}: ${'why' in rest ? rest.why : ''}`),
      'Clone it, check that commit out, and name its root.',
    ].join('\n'),
  )
}

function sectionOf({ tool, chatTemplate }: Pick<Recipe, 'tool' | 'chatTemplate'>): Recipe['toolSection'] {
  const { place } = chatTemplate
  if (!tool.isFound || !chatTemplate.isFound)
    return { isFound: false, place, why: 'it takes the tool description and the chat template' }
  const value = toolSection({ template: chatTemplate.value, tool: tool.value })
  if (value !== null) return { isFound: true, place, value }
  return {
    ...{ isFound: false, place },
    why: 'expected a chat template that writes a line for each tool (for tool in tools), got another: the system prompt does not tell of the tool, so use a server with function calling (toolFormat: native)',
  }
}

async function readChatTemplate(path: string): Promise<string> {
  const { value } = await readYaml(path)
  const result = trainer.safeParse(value)
  if (result.success) return result.data.actor_rollout_ref.model.custom_chat_template
  throw new UsageError('expected actor_rollout_ref.model.custom_chat_template, got none')
}

async function readScript(path: string): Promise<ReturnType<typeof readShellSettings>> {
  const settings = readShellSettings(await readFile(path, 'utf8'))
  if (settings.overrides.size > 0) return settings
  throw new UsageError('expected a script that passes settings on (key.key=value), got none')
}

/** The one model that is served to judge. */
async function readJudge(path: string): Promise<string> {
  const [, model] = /^\s*vllm serve\s+(\S+)/m.exec(await readFile(path, 'utf8')) ?? []
  if (model !== undefined) return model
  throw new UsageError('expected a command that serves the judge (vllm serve MODEL), got none')
}

async function readSft(path: string): Promise<z.output<typeof sft>> {
  const { value } = await readYaml(path)
  const result = sft.safeParse(value)
  if (result.success && Object.keys(result.data).length > 0) return result.data
  throw new UsageError('expected settings of LLaMA-Factory (name: value), got something else')
}
