import type { Task } from '../../core/task.js'

/** A task over images that only a fake sandbox can open. */
export function fakeTask({ images = 1 }: { images?: number } = {}): Task {
  return {
    key: 'task-key',
    id: 'row-1',
    suite: 'fake',
    question: 'What does the sign say?',
    images: Array.from({ length: images }, (_, index) => ({
      sha256: String(index),
      read: () => Promise.resolve(Buffer.from(`image ${index}`)),
    })),
    answers: ['STOP'],
    transform: 'none',
    requiredTools: null,
    box: null,
    metadata: {},
  }
}
