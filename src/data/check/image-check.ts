import type { Check } from './check.js'

/** Every image of a row can be decoded to its last line. */
export function imageCheck(): Check {
  return {
    row: ({ place, images }) =>
      images.flatMap((image, at) =>
        image.isDecodable
          ? []
          : {
              check: 'image' as const,
              ...place,
              what: `images[${at}]`,
              expected: 'an image that can be decoded as a whole',
              got: image.reason,
            },
      ),
  }
}
