import { TRANSFORMS } from '../../core/transform.js'
import { observed } from './observed.js'

/** Names of what would tell the answer. */
const SECRETS = ['answers', 'requiredTools', 'required_tools', 'ground_truth', 'bbox']

/** What an answer with an observation tells of the answer of its task; empty where nothing. */
export function leakedSecrets(answer: Record<string, unknown>): string[] {
  const task = JSON.stringify(observed(answer)['task']) ?? ''
  return [
    ...SECRETS.filter((name) => JSON.stringify(answer).includes(`"${name}"`)),
    // Prompt and tool may name them; what tells of this one task may not.
    ...TRANSFORMS.filter((name) => name !== 'none' && task.includes(name)),
  ]
}
