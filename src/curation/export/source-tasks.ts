import { DataError } from '../../core/errors.js'
import type { Outcome, Sample } from '../../core/sample.js'
import type { Task, TaskImage } from '../../core/task.js'
import { contentKey } from '../../data/conversations/content-key.js'
import { conversationTask } from '../../data/conversations/conversation-task.js'
import { readConversations } from '../../data/conversations/read-conversations.js'
import type { RunReader } from '../../store/run.js'
import { rowTasks } from './row-tasks.js'
import { selectedSamples } from './selected-samples.js'
import type { TrainingSource } from './training-source.js'

/** The questions of a source, each once, one at a time. What is none is told and left out. */
export async function* sourceTasks({
  source,
  outcomes,
  onLeftOut,
  onProblem,
}: {
  source: TrainingSource
  /** Of an evaluation: of a question that was asked several times, one such outcome is enough. */
  outcomes: readonly Outcome[]
  onLeftOut: (reason: string) => void
  onProblem: (problem: DataError) => void
}): AsyncGenerator<Task> {
  const seen = new Set<string>()
  for await (const task of tasksOf()) {
    if (seen.has(task.key)) onLeftOut('repeated')
    else yield task
    seen.add(task.key)
  }

  async function* tasksOf(): AsyncGenerator<Task> {
    switch (source.kind) {
      case 'rows':
        yield* rowTasks({ suite: source.suite, onProblem })
        return
      case 'conversations':
        for (const file of source.files) {
          for await (const conversation of readConversations({ file, onProblem })) {
            const task = await conversationTask(conversation).catch((cause: unknown) => {
              if (!(cause instanceof DataError)) throw cause
              onProblem(new DataError(`${file.path}, ${conversation.id}: ${cause.message}`, { cause }))
              return null
            })
            if (task !== null) yield task
          }
        }
        return
      case 'run':
        for await (const sample of selectedSamples({ run: source.run, outcomes, onLeftOut })) {
          const task = sampleTask({ sample, run: source.run })
          if (task === null)
            onProblem(
              new DataError(
                `${source.run.path} sample ${sample.key}: expected images of the question, got none`,
              ),
            )
          else yield task
        }
    }
  }
}

/** The task of a sample with the images that its rollout began with; null where it did not begin. */
function sampleTask({ sample, run }: { sample: Sample; run: RunReader }): Task | null {
  const { trajectory, options, category, cluster, metadata = {}, box } = sample
  if (trajectory === null) return null
  const images = trajectory.images
    .filter(({ call }) => call === null)
    .map(({ sha256 }): TaskImage => ({ sha256, read: () => run.images.read(sha256) }))
  const [left = 0, top = 0, right = 0, bottom = 0] = box ?? []
  return {
    // The same question may stand there under several keys: of epochs, of trajectories that were planned for it.
    key: contentKey({ ...sample, images }),
    id: sample.taskId,
    suite: sample.suite,
    question: sample.question,
    images,
    answers: sample.answers,
    ...(options !== undefined && { options }),
    ...(category !== undefined && { category }),
    ...(cluster !== undefined && { cluster }),
    transform: sample.transform,
    requiredTools: sample.requiredTools,
    box: box === null ? null : [left, top, right, bottom],
    metadata,
  }
}
