import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Operation } from '../../core/execution.js'
import type { Sample } from '../../core/sample.js'
import { TRANSFORMS, type Transform } from '../../core/transform.js'
import {
  scoredSample,
  testImage,
  testTrajectory,
  writeTestRun,
  type TestImage,
  type TestTurn,
} from './test-run.js'

/** Small runs of suites that report more than an accuracy, in a folder. */
export interface BenchmarkRuns {
  /** OCRBench: three types of four questions, in all six transformations. */
  ocrbench: string
  /** HR-Bench: two questions of each category, each in four rotations of its options. */
  hrbench: string
  /** ChartQAPro twice, with partial credit; the second earns more on two questions and less on one. */
  charts: { a: string; b: string }
  /** Ten questions asked four times each, with calls that fail and tools that no task requires. */
  epochs: string
  /** Metrics of three steps, and no samples. */
  training: string
}

export async function writeBenchmarkRuns(folder: string): Promise<BenchmarkRuns> {
  const image = await testImage({ width: 200, height: 140, seed: 4 })
  const write = (name: string, run: Omit<Parameters<typeof writeTestRun>[0], 'path' | 'images'>) =>
    writeTestRun({ path: join(folder, name), images: [image], ...run }).then(() => join(folder, name))
  return {
    ocrbench: await write('ocrbench', {
      ...{ suite: 'ocrbench', model: 'Qwen2.5-VL-7B', samples: ocrBench(image) },
      head: { scoring: 'official' },
    }),
    hrbench: await write('hrbench', {
      ...{ suite: 'hrbench4k', model: 'CodeVision-8B', samples: hrBench(image) },
      head: { scoring: 'vlmevalkit' },
    }),
    charts: {
      a: await write('charts-base', {
        ...{ suite: 'chartqapro', model: 'base', samples: charts({ image, isTrained: false }) },
        head: { scoring: 'official' },
      }),
      b: await write('charts-trained', {
        ...{ suite: 'chartqapro', model: 'trained', samples: charts({ image, isTrained: true }) },
        head: { scoring: 'official' },
      }),
    },
    epochs: await write('epochs', { samples: epochs(image), head: { epochs: 4 } }),
    training: await writeTraining(join(folder, 'training')),
  }
}

async function writeTraining(path: string): Promise<string> {
  await writeTestRun({ path, images: [], samples: [], suite: 'conversations' })
  const lines = [
    { step: 0, figures: { 'evaluation/loss': 3 } },
    { step: 1, figures: { loss: 2.5, 'seconds/train': 4 } },
    { step: 2, figures: { loss: 1.25, 'seconds/train': 3 } },
    { step: 2, figures: { 'evaluation/loss': 1.5 } },
  ]
  await writeFile(join(path, 'metrics.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return path
}

/** Upright 10 of 12 are right, 7 after a quarter turn, 4 and then 1 in the other orientations. */
function ocrBench(image: TestImage): Sample[] {
  const types = ['Doc-oriented VQA', 'Regular Text Recognition', 'Scene Text-centric VQA']
  return TRANSFORMS.flatMap((transform, orientation) =>
    types.flatMap((category, type) =>
      Array.from({ length: 4 }, (_, index) =>
        answered({
          ...{ image, transform, category, name: `${category} ${index}`, scorer: 'ocrbench' },
          cluster: `${category} ${index}`,
          isRight: index < 4 - Math.min(3, orientation) - Math.min(1, type),
        }),
      ),
    ),
  )
}

/** `single` questions are right in three rotations, `cross` ones in one. */
function hrBench(image: TestImage): Sample[] {
  return ['single', 'cross'].flatMap((category) =>
    [0, 1].flatMap((question) =>
      ['0', '1', '2', '3'].map((rotation) =>
        answered({
          ...{ image, transform: 'none', category, name: `${category} ${question} ${rotation}` },
          cluster: `${category} ${question}`,
          ...{ scorer: 'hrbench', metadata: { cycle_category: rotation } },
          isRight: Number(rotation) < (category === 'single' ? 3 : 1),
        }),
      ),
    ),
  )
}

/** Credits of the questions of each type; training changes three of those upright. */
function charts({ image, isTrained }: { image: TestImage; isTrained: boolean }): Sample[] {
  const credits: Readonly<Record<string, readonly number[]>> = {
    Factoid: [1, 0.4, 0],
    'Multi Choice': [1, 0, 0.75],
  }
  const trained: Readonly<Record<string, number>> = {
    'Factoid 1': 1,
    'Factoid 2': 0.5,
    'Multi Choice 2': 0.25,
  }
  return TRANSFORMS.flatMap((transform) =>
    Object.entries(credits).flatMap(([category, list]) =>
      list.map((credit, index) => {
        const change = isTrained && transform === 'none' ? trained[`${category} ${index}`] : undefined
        const value = change ?? credit
        return answered({
          ...{ image, transform, category, name: `${category} ${index}`, cluster: `${category} ${index}` },
          ...{ isRight: value === 1, value, scorer: 'chartqapro' },
        })
      }),
    ),
  )
}

const SHARPEN: Operation = {
  ...{ op: 'sharpen', call: 'Image.filter', args: [], verified: true },
  ...{ affine: [1, 0, 0, 0, 1, 0], box: null },
}

/** Task `n` is right in its first `n % 5` epochs; odd ones are turned by 90 degrees. Every third task fails a call first, then sharpens. */
function epochs(image: TestImage): Sample[] {
  return Array.from({ length: 10 }, (_, task) =>
    [0, 1, 2, 3].map((epoch) =>
      answered({
        ...{ image, transform: task % 2 === 0 ? ('none' as const) : ('rotate_90' as const) },
        ...{ name: `task ${task}`, epoch, isRight: epoch < task % 5, category: 'count' },
        turns:
          task % 3 === 0
            ? [
                {
                  ...{ thought: 'Sharper.', code: 'result = imge', kind: 'runtime', type: 'NameError' },
                  message: "name 'imge' is not defined",
                },
                {
                  ...{ thought: 'Again.', code: 'result = image.filter(ImageFilter.SHARPEN)' },
                  ...{ image, operations: [SHARPEN] },
                },
              ]
            : [],
      }),
    ),
  ).flat()
}

function answered({
  image,
  transform,
  name,
  isRight,
  value,
  epoch = 0,
  turns = [],
  ...more
}: Partial<Sample> & {
  image: TestImage
  transform: Transform
  name: string
  isRight: boolean
  /** Partial credit; undefined: the scoring gives none. */
  value?: number
  turns?: readonly TestTurn[]
}): Sample {
  const answer = isRight ? '12' : '11'
  const question = `What is ${name}?`
  const profile = value === undefined ? 'strict' : 'official'
  return scoredSample({
    taskKey: `${transform} ${name}`,
    taskId: name,
    ...{ transform, question, epoch, answer, accepted: '12' },
    made: testTrajectory({ image, question, answer, turns }),
    ...(value !== undefined && {
      scores: { [profile]: { profile, answer, correct: isRight, value, rule: 'number', judge: null } },
    }),
    ...more,
  })
}
