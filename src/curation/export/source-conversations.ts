import { DataError, UsageError } from '../../core/errors.js'
import type { Outcome } from '../../core/sample.js'
import type { Conversation } from '../../data/conversations/conversation.js'
import { readConversations } from '../../data/conversations/read-conversations.js'
import { sampleConversation, type ImageChoice } from '../../data/conversations/sample-conversation.js'
import { describedTools } from './described-tools.js'
import { selectedSamples } from './selected-samples.js'
import type { TrainingSource } from './training-source.js'

/**
 * The conversations of a source, one at a time. What is none is told and left out.
 * @throws UsageError for a file of questions: nobody has answered them yet
 */
export async function* sourceConversations({
  source,
  images,
  outcomes,
  onLeftOut,
  onProblem,
}: {
  source: TrainingSource
  /** Of a run. */
  images: ImageChoice
  /** Of an evaluation. */
  outcomes: readonly Outcome[]
  onLeftOut: (reason: string) => void
  onProblem: (problem: DataError) => void
}): AsyncGenerator<Conversation> {
  switch (source.kind) {
    case 'rows':
      throw new UsageError(
        `${source.suite.rows.path}: expected conversations, got questions that nobody has answered; run them first (codevision data curate, codevision eval), or export them for RL (--format verl)`,
      )
    case 'conversations':
      for (const file of source.files) yield* readConversations({ file, onProblem })
      return
    case 'run': {
      const { run } = source
      const tools = await describedTools(run)
      for await (const sample of selectedSamples({ run, outcomes, onLeftOut })) {
        const made = sampleConversation({ sample, images, tools, fileOf: run.images.pathOf })
        if (made.ok) yield made.conversation
        else onProblem(new DataError(`${run.path} sample ${sample.key}: ${made.reason}`))
      }
    }
  }
}
