import type { ToolDescription } from '../../core/policy.js'
import type { Observation } from './observation.js'

/** A row for NeMo-Gym: the prompt as the Responses API takes it, and the task that the server is to be seeded with. */
export function nemoRow({
  observation: { messages, images, task },
  tools,
}: {
  /** Of the beginning of an episode. */
  observation: Observation
  tools: readonly ToolDescription[]
}): object {
  const urlOf = new Map(
    images.map(({ index, media_type: type, data }) => [index, `data:${type};base64,${data}`]),
  )
  return {
    responses_create_params: {
      input: messages.map(({ role, content }) => ({
        role,
        content: content.map((part) =>
          part.type === 'text'
            ? { type: 'input_text', text: part.text }
            : { type: 'input_image', image_url: urlOf.get(part.index) ?? '', detail: 'auto' },
        ),
      })),
      tools: tools.map((tool) => ({ type: 'function', ...tool, strict: false })),
      parallel_tool_calls: false,
    },
    task: task?.index,
    task_key: task?.key,
  }
}
