import type { Random } from '../../../data/demo/random.js'
import type { PhotometricTool } from '../../plan/curation-plan.js'
import { array, pil, type OperationForm } from './operation-form.js'

/** Ways of writing what makes a spoilt picture easier to read, with strengths that are drawn. */
export function photometricForms({
  op,
  random,
}: {
  op: PhotometricTool
  random: Random
}): readonly OperationForm[] {
  switch (op) {
    case 'autocontrast':
      return [
        pil((e) => `ImageOps.autocontrast(${e})`, 'autocontrast spreads the levels over the whole range'),
        pil(
          (e) => `ImageOps.autocontrast(${e}, cutoff=${random.pick([0.5, 1, 2])})`,
          'a small cutoff keeps a few extreme pixels from spoiling it',
        ),
      ]
    case 'contrast_up':
      return [
        pil(
          (e) => `ImageEnhance.Contrast(${e}).enhance(${random.pick(['2.5', '3', '3.5', '4', '5', '6.0'])})`,
        ),
        pil(
          (e) => `ImageEnhance.Contrast(${e}).enhance(factor=${random.pick(['2.5', '3.0', '4.0', '5'])})`,
          'a factor above 1 pushes light and dark apart',
        ),
      ]
    case 'sharpen':
      return [
        pil((e) => `${e}.filter(ImageFilter.SHARPEN)`),
        pil(
          (e) =>
            `${e}.filter(ImageFilter.UnsharpMask(radius=${random.pick([2, 3, 4])}, percent=${random.pick([150, 180, 200, 250])}, threshold=${random.pick([1, 2, 3])}))`,
          'an unsharp mask lifts the edges',
        ),
        pil(
          (e) =>
            `${e}.filter(ImageFilter.UnsharpMask(${random.pick([2, 3])}, ${random.pick([150, 200])}, 2))`,
          'an unsharp mask lifts the edges',
        ),
      ]
    case 'median_blur':
      return [
        pil((e) => `${e}.filter(ImageFilter.MedianFilter(3))`, 'the median throws single specks out'),
        pil((e) => `${e}.filter(ImageFilter.MedianFilter(size=3))`, 'size 3 is enough for single specks'),
        array((e) => `cv2.medianBlur(${e}, 3)`, 'a kernel of 3 keeps thin strokes'),
      ]
  }
}
