import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Template as JinjaTemplate } from '@huggingface/jinja'
import { z } from 'zod'
import { UsageError } from '../../core/errors.js'
import { readJsonFile } from '../read-json-file.js'

/** A message as templates take it. */
export interface TemplateMessage {
  role: string
  content: string | readonly ({ type: 'image' } | { type: 'text'; text: string })[]
}

/** Writes a conversation as the model was trained to read it. */
export interface ChatTemplate {
  render(conversation: {
    messages: readonly TemplateMessage[]
    /** End where the assistant's turn begins. */
    addGenerationPrompt: boolean
    /** Function tools as the template lists them. */
    tools?: readonly unknown[]
  }): string
}

const withTemplate = z.object({ chat_template: z.string().optional() })

/**
 * Load the chat template of a checkpoint: `chat_template.jinja`, else that in `chat_template.json` or `tokenizer_config.json`.
 * @throws UsageError when it has none.
 */
export async function loadChatTemplate(directory: string): Promise<ChatTemplate> {
  const { Template } = await import('@huggingface/jinja')
  const text = await templateText(directory)
  const template = parsed({ Template, text, directory })
  return {
    render: ({ messages, addGenerationPrompt, tools }) =>
      template.render({
        messages,
        add_generation_prompt: addGenerationPrompt,
        ...(tools !== undefined && tools.length > 0 && { tools }),
      }),
  }
}

function parsed({
  Template,
  text,
  directory,
}: {
  Template: typeof JinjaTemplate
  text: string
  directory: string
}): JinjaTemplate {
  try {
    return new Template(text)
  } catch (cause) {
    throw new UsageError(
      `${directory}: expected a chat template in Jinja, got one that cannot be parsed; ${String(cause)}`,
      { cause },
    )
  }
}

async function templateText(directory: string): Promise<string> {
  const own = await readFile(join(directory, 'chat_template.jinja'), 'utf8').catch(() => null)
  if (own !== null) return own
  for (const name of ['chat_template.json', 'tokenizer_config.json']) {
    const found = await readJsonFile({ path: join(directory, name), schema: withTemplate }).catch(() => null)
    if (found?.chat_template !== undefined) return found.chat_template
  }
  throw new UsageError(
    `${directory}: expected a chat template (chat_template.jinja, or \`chat_template\` in tokenizer_config.json), got none`,
  )
}
