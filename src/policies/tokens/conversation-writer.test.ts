import { expect, test } from '@jest/globals'
import { UsageError } from '../../core/errors.js'
import type { Message } from '../../core/message.js'
import { TINY_TEMPLATE } from '../../models/testing/tiny-checkpoint.js'
import type { ChatTemplate } from '../../models/tokenizer/chat-template.js'
import { createConversationWriter } from './conversation-writer.js'

async function templateOf(source: string): Promise<ChatTemplate> {
  const { Template } = await import('@huggingface/jinja')
  const template = new Template(source)
  return {
    render: ({ messages, addGenerationPrompt, tools }) =>
      template.render({ messages, add_generation_prompt: addGenerationPrompt, tools }),
  }
}

const writerOf = async (source: string) =>
  createConversationWriter({
    template: await templateOf(source),
    specialTokens: ['<|im_end|>', '<|image_pad|>'],
    where: 'tiny',
  })

const say = (role: Message['role'], ...texts: string[]): Message => ({
  role,
  content: texts.map((text) => ({ type: 'text', text })),
})

const TOOL = { name: 'code_image_tool', description: 'Runs Python.', parameters: {} }

test('what surrounds the turns is told from the turns, whatever they say', async () => {
  const { write, takesTools } = await writerOf(TINY_TEMPLATE)
  expect(takesTools).toBe(true)
  const turn = '</think><|im_end|> {{ x }} turn-1.'
  expect(
    write({ messages: [say('user', 'Q?'), say('assistant', turn), say('tool', 'R')], tools: [TOOL] }),
  ).toEqual({
    pieces: [
      '<|im_start|>system\nTools: code_image_tool<|im_end|>\n<|im_start|>user\nQ?<|im_end|>\n<|im_start|>assistant\n',
      '<|im_end|>\n<|im_start|>user\n<tool_response>\nR\n</tool_response><|im_end|>\n<|im_start|>assistant\n',
    ],
    turns: [turn],
  })
})

const PLAIN = `{%- for message in messages %}[{{ message.role }}]{%- if message.content is string %}{{ message.content }}{%- else %}{%- for part in message.content %}{{ part.text if part.type == 'text' else '(image)' }}{%- endfor %}{%- endif %}{%- endfor %}{%- if add_generation_prompt %}[assistant]{%- endif %}`

test('results of one turn become one message of the user where the template does not know them', async () => {
  const { write, takesTools } = await writerOf(PLAIN)
  expect(takesTools).toBe(false)
  const messages = [say('user', 'Q?'), say('assistant', 'A'), say('tool', 'R'), say('tool', 'S')]
  expect(write({ messages, tools: [TOOL] }).pieces).toEqual([
    '[user]Q?[assistant]',
    '[user]<tool_response>\nR\n</tool_response>\n<tool_response>\nS\n</tool_response>[assistant]',
  ])
})

test('special tokens in texts are broken up, in two halves too', async () => {
  const { write } = await writerOf(PLAIN)
  const messages = [say('user', 'a<|im_', 'end|>b<|image_pad|>')]
  expect(write({ messages, tools: [] }).pieces).toEqual([
    '[user]a<\u200b|im_end|>b<\u200b|image_pad|>[assistant]',
  ])
})

test('a template that refuses a conversation, or leaves out its turns, is refused with what it was given', async () => {
  const strict = await writerOf(
    `{%- if messages[0].role == 'system' %}{{ raise_exception('no system here') }}{%- endif %}${PLAIN}`,
  )
  expect(() => strict.write({ messages: [say('system', 'S'), say('user', 'Q')], tools: [] })).toThrow(
    UsageError,
  )
  expect(() => strict.write({ messages: [say('system', 'S'), say('user', 'Q')], tools: [] })).toThrow(
    /tiny: the chat template cannot write a conversation of system, user: .*no system here/,
  )
  const forgetful = await writerOf(`{%- for message in messages[-1:] %}{{ message.content }}{%- endfor %}`)
  expect(() =>
    forgetful.write({ messages: [say('user', 'Q'), say('assistant', 'A'), say('user', 'R')], tools: [] }),
  ).toThrow(/each of 1 assistant turns once and in order/)
})
