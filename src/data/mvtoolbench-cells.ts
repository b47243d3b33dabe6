import type { Box } from '../core/transform.js'

/** What rows made here say besides the published columns; all of it stands in `extra_info`. */
export interface RowExtension {
  /** Further right answers. */
  alternatives: readonly string[]
  /** The image is the canonical one: what `transform` names is still to be applied, and the box holds for the image after that. */
  isCanonical: boolean
  /** Kind of question. */
  kind: string
  /** Name of the image in the data set that it comes from. */
  imageId: string
}

/** A row's columns apart from its images, as MVToolBench publishes them. */
export function mvtoolbenchCells({
  question,
  answer,
  images,
  transform,
  box,
  index,
  split,
  datasetName,
  dataSource,
  extension,
}: {
  question: string
  answer: string
  images: readonly unknown[]
  transform: readonly string[] | null
  box: Box | null
  index: number
  split: string
  datasetName: string
  dataSource: string
  extension?: RowExtension | undefined
}) {
  const isCanonical = extension?.isCanonical ?? false
  return {
    data_source: dataSource,
    prompt: [{ content: `${'<image>'.repeat(images.length)}\n${question}`, role: 'user' }],
    reward_model: { ground_truth: answer, style: 'model' },
    extra_info: {
      answer,
      // A reader that knows nothing of `bbox_input` must not take the box for one in the image as it lies in the file.
      bbox: isCanonical ? null : box,
      dataset_name: datasetName,
      index,
      question,
      split,
      transform: transform && [...transform],
      ...(extension && {
        answers_alt: [...extension.alternatives],
        bbox_input: isCanonical ? box : null,
        kind: extension.kind,
        image_id: extension.imageId,
      }),
    },
  }
}
