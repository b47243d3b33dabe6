/** Names of columns and speakers in a file of conversations, as LLaMA-Factory's `dataset_info.json` gives them; null: none is set, and the column is not read. */
export interface DatasetAttributes {
  readonly columns: {
    readonly messages: string
    readonly system: string | null
    readonly tools: string | null
    readonly images: string | null
  }
  readonly tags: {
    readonly role: string
    readonly content: string
    readonly user: string
    readonly assistant: string
    readonly observation: string | null
    readonly function: string | null
    readonly system: string | null
  }
}

/** As the paper's SFT set has them (section 3): tool results are said by `tool`, calls stand inside the text of `gpt`. */
export const PAPER_ATTRIBUTES: DatasetAttributes = {
  columns: { messages: 'conversations', system: 'system', tools: 'tools', images: 'images' },
  tags: {
    role: 'from',
    content: 'value',
    user: 'human',
    assistant: 'gpt',
    observation: 'tool',
    function: 'function_call',
    system: 'system',
  },
}
