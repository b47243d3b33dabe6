import type { ConversationFormat } from '../../data/conversations/write-conversations.js'

/** Formats of training data: what one learns from by imitation, and with `verl` by reward. */
export const TRAINING_FORMATS = ['sharegpt', 'llamafactory', 'verl', 'jsonl'] as const satisfies readonly (
  ConversationFormat | 'verl'
)[]

export type TrainingFormat = (typeof TRAINING_FORMATS)[number]

/** Name of the file where none is chosen, and the ends that it may have. */
export const FILE_NAMES: Readonly<Record<TrainingFormat, { name: string; ends: readonly string[] }>> = {
  sharegpt: { name: 'codevision_sft.json', ends: ['.json', '.jsonl'] },
  llamafactory: { name: 'codevision_sft.json', ends: ['.json', '.jsonl'] },
  verl: { name: 'codevision_rl.parquet', ends: ['.parquet'] },
  jsonl: { name: 'codevision.jsonl', ends: ['.jsonl'] },
}
