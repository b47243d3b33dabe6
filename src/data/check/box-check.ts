import type { Check } from './check.js'

/** The box encloses something, and lies inside of the image as the model is given it. */
export function boxCheck(): Check {
  return {
    row({ place, task, notices, images }) {
      const wrong = { check: 'box' as const, ...place, what: 'box' }
      const unusable = notices.map((notice) => ({
        ...wrong,
        expected: 'left < right and top < bottom, none of them negative',
        got: notice.replace(`${place.where}: `, ''),
      }))
      const [image] = images
      if (task.box === null || image?.isDecodable !== true) return unusable
      const { width, height } = image
      const [, , right, bottom] = task.box
      if (right <= width && bottom <= height) return unusable
      return [
        ...unusable,
        { ...wrong, expected: `a box inside of ${width} × ${height}`, got: `[${task.box.join(', ')}]` },
      ]
    },
  }
}
