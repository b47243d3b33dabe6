import type { Random } from '../../../data/demo/random.js'

/** An image index that no image has, and what its author says about it afterwards. */
export interface WrongIndex {
  imageIndex: number
  cause: string
  remedy: string
}

/** Ways of asking for an image that is not there. `count`: images so far; `right`: the one that was meant. */
export function wrongIndex({
  count,
  right,
  round,
  random,
}: {
  count: number
  right: number
  /** 0 or 1; the second differs from the first. */
  round: number
  /** The same for both rounds. */
  random: Random
}): WrongIndex {
  const remedy = `use image_index ${right}`
  const ways: readonly WrongIndex[] = [
    { imageIndex: count, cause: 'I counted the images from one, but they are numbered from zero', remedy },
    {
      imageIndex: count,
      cause: 'I asked for the image that this very call was going to make',
      remedy,
    },
    { imageIndex: count + 1, cause: 'I was one too far with my counting, and then one more', remedy },
    {
      imageIndex: count + random.integer(1, 3),
      cause: 'I assumed that there were more pictures than there are',
      remedy,
    },
    {
      imageIndex: count + 2,
      cause: 'I mixed up the number of the turn with the number of the image',
      remedy,
    },
    {
      imageIndex: 10 * (count + random.integer(0, 1)),
      cause: 'a stray zero slipped into the index',
      remedy,
    },
  ]
  const [first, second] = random.shuffle(ways)
  const chosen = round === 0 ? first : second
  if (chosen === undefined) throw new RangeError('Expected two ways of asking for a wrong image.')
  return chosen
}
