import sharp from 'sharp'
import type { Task } from '../../core/task.js'
import { EpisodeTasks } from '../environment/episode-tasks.js'

/** Tasks over small real pictures that were turned by 90 degrees, `pictures` of them each, of the `truncated` ones half their files; the answer to question n is `word n`. */
export async function environmentTasks({
  count,
  width = 40,
  height = 30,
  pictures = 1,
  truncated = [],
}: {
  count: number
  width?: number
  height?: number
  pictures?: number
  truncated?: readonly number[]
}): Promise<EpisodeTasks> {
  const tasks = await Promise.all(
    Array.from({ length: count }, (_, place) =>
      taskAt({ place, width, height, pictures, isWhole: !truncated.includes(place) }),
    ),
  )
  const keys = tasks.map(({ key }) => key)
  return new EpisodeTasks({
    keys,
    tasks: {
      count,
      sha256: '0',
      scorer: 'none',
      read: (places) => Promise.resolve(places.flatMap((place) => tasks[place] ?? [])),
    },
  })
}

async function taskAt({
  place,
  width,
  height,
  pictures,
  isWhole,
}: {
  place: number
  width: number
  height: number
  pictures: number
  isWhole: boolean
}): Promise<Task> {
  // A picture that no turn leaves as it is, another one for each task.
  const pixels = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, at) => (at * at * 31 + at * (place + 7)) % 251),
  )
  const file = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  return {
    key: `key-${place}`,
    // As data sets name their rows: it must not be told.
    id: `row-${place}:rotate_270`,
    suite: 'own',
    question: `What is word ${place}?`,
    images: Array.from({ length: pictures }, () => ({
      sha256: String(place),
      read: () => Promise.resolve(isWhole ? file : file.subarray(0, file.length / 2)),
    })),
    answers: [`word ${place}`],
    transform: 'rotate_90',
    requiredTools: ['rotate_270'],
    box: null,
    metadata: {},
  }
}
