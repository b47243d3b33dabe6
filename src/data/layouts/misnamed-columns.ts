import { didYouMean } from '../../config/did-you-mean.js'

/** A column that is kept as metadata, where another one was most likely meant. */
export interface MisnamedColumn {
  column: string
  /** Those that it may have been meant to be; none of them is there. */
  meant: readonly string[]
}

/** What people call the columns of plain rows; edit distance finds none of them. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  question: ['query', 'problem', 'prompt_text'],
  answer: ['answers', 'gold', 'ground_truth', 'label', 'solution', 'target'],
  answers_alt: ['answers', 'answer_alt', 'alt_answers', 'alternatives', 'aliases', 'accepted_answers'],
  image: ['img', 'picture', 'image_path', 'image_file', 'image_url', 'file_name', 'filename'],
  options: ['option', 'choices', 'choice'],
  bbox: ['box', 'boxes', 'bboxes', 'bbox_2d', 'bounding_box', 'target_box'],
  transform: ['transforms', 'transformation', 'transformations'],
}

/** Either is enough. */
const IMAGES: readonly string[] = ['image', 'images']

/** Shorter names are near too many others. */
const LETTERS = 5

/** Columns of a row that nothing reads, though they look like one that is read and not there. */
export function misnamedColumns({
  row,
  known,
}: {
  row: Readonly<Record<string, unknown>>
  known: readonly string[]
}): MisnamedColumn[] {
  const isThere = (name: string): boolean => row[name] !== undefined
  const hasImage = IMAGES.some(isThere)
  const absent = known.filter((name) => !(IMAGES.includes(name) ? hasImage : isThere(name)))
  return Object.keys(row).flatMap((column) => {
    if (known.includes(column)) return []
    const name = snakeCase(column)
    const meant = absent.filter((candidate) => candidate === name || OTHER_NAMES[candidate]?.includes(name))
    const near = name.length < LETTERS ? null : didYouMean({ given: name, candidates: absent })
    if (meant.length === 0 && near !== null) meant.push(near)
    return meant.length === 0 ? [] : [{ column, meant }]
  })
}

/** What is said of one, without its place. */
export function describeMisnamed({ column, meant }: MisnamedColumn): string {
  const names = meant.map((name) => `\`${name}\``).join(' or ')
  return `column \`${column}\` is not read and only kept as metadata; did you mean ${names}?`
}

function snakeCase(name: string): string {
  return name
    .trim()
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[\s-]+/g, '_')
    .toLowerCase()
}
