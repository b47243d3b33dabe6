import type { AskableImage } from './candidate.js'
import { candidatesOf } from './candidates-of.js'
import { imageTextOf } from './image-text.js'
import { imageProblem, type ImageFolder } from './image-folder.js'
import type { QuestionKind } from './question-kind.js'
import { readHiertext } from './read-hiertext.js'
import type { SizeLimits } from './size-limits.js'
import { add, createTally, type Tally } from './tally.js'

/**
 * Every annotated image that at least one question can be asked about, with at most one of each kind: one annotation is held at a time, and
 * of each image only its questions are kept.
 * @throws UsageError when the annotations cannot be read.
 */
export async function gatherImages({
  annotations,
  folder,
  kinds,
  limits,
  handwritten,
  seed,
  signal,
  onProgress,
}: {
  annotations: string
  folder: ImageFolder
  kinds: readonly QuestionKind[]
  limits: SizeLimits
  handwritten: boolean
  seed: string
  signal?: AbortSignal | undefined
  onProgress: (progress: { share: number; images: number }) => void
}): Promise<{ images: AskableImage[]; tally: Tally }> {
  const tally = createTally()
  const images: AskableImage[] = []
  const seen = new Set<string>()
  const onRead = (share: number): void => onProgress({ share, images: tally.images })
  for await (const annotation of readHiertext({ path: annotations, signal, onRead })) {
    const { image_id: imageId, image_width: width, image_height: height } = annotation
    tally.images++
    if (seen.has(imageId)) {
      add(tally.imageProblems, 'annotated twice')
      continue
    }
    seen.add(imageId)
    const image = imageTextOf({ annotation, minHeight: limits.minHeight, handwritten })
    for (const { lines } of annotation.paragraphs) for (const { words } of lines) tally.words += words.length
    for (const [problem, count] of image.problems) add(tally.wordProblems, problem, count)
    const candidates = candidatesOf({
      image,
      kinds,
      limits,
      seed,
      onFound: (kind) => tally.kinds[kind].candidates++,
      onDrop: (kind, reason) => add(tally.kinds[kind].drops, reason),
    })
    if (Object.keys(candidates).length === 0) continue
    const path = folder.find(imageId)
    const problem = path === null ? 'no image file' : await imageProblem({ path, width, height })
    if (path === null || problem !== null) {
      add(tally.imageProblems, problem ?? 'no image file')
      continue
    }
    for (const kind of kinds) if (candidates[kind]) tally.kinds[kind].images++
    images.push({ imageId, path, width, height, candidates })
  }
  return { images, tally }
}
