import { join } from 'node:path'
import { z } from 'zod'
import { MANIFEST_FILE, readManifest } from '../store/manifest.js'
import type { ConversationExamples } from './conversation-examples.js'

const recorded = z.object({ dataset: z.object({ sha256: z.string() }) })

/**
 * Examples as the run that learns from them tells them: one that began when images were told by the names of their files goes on with that identity, by which its checkpoints are told too.
 * @param parameters.resumed folder of a run that goes on; null: a new one
 */
export async function recordedExamples({
  resumed,
  examples,
}: {
  resumed: string | null
  examples: ConversationExamples
}): Promise<ConversationExamples> {
  if (resumed === null) return examples
  const { identity } = await readManifest(join(resumed, MANIFEST_FILE))
  const before = recorded.safeParse(identity).data?.dataset.sha256
  return before === examples.earlierSha256 ? { ...examples, sha256: before } : examples
}
