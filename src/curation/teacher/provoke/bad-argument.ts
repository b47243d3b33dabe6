import { array, pil } from '../code/operation-form.js'
import {
  angleOf,
  isCrop,
  isOrientation,
  wrongForm,
  type CropOperation,
  type Mistake,
  type OrientationOperation,
  type PhotometricOperation,
  type Spot,
} from './mistake.js'

/** Arguments that PIL, NumPy or the language itself refuse with a TypeError or a ValueError. */
export function badArguments(spot: Spot): Mistake[] {
  const { operation } = spot
  if (isCrop(operation)) return badCrops({ ...spot, operation })
  return isOrientation(operation)
    ? badOrientations({ ...spot, operation })
    : badPhotometrics({ ...spot, operation })
}

function badCrops({
  operation: {
    box: [left, top, right, bottom],
  },
  index,
  size: { width, height },
}: Spot<CropOperation>): Mistake[] {
  const part = (pixel: number, side: number): string => (pixel / side).toFixed(2)
  return [
    wrongForm({
      index,
      form: pil((e) => `${e}.crop((${right}, ${top}, ${left}, ${bottom}))`),
      cause: 'I wrote the right edge before the left one',
      remedy: 'give the corners in the order left, top, right, bottom',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.crop((${left}, ${bottom}, ${right}, ${top}))`),
      cause: 'top and bottom of my box were swapped, as if y grew upwards',
      remedy: 'count y from the top and put the smaller value first',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.crop(${left}, ${top}, ${right}, ${bottom})`),
      cause: 'the crop wants one box and I passed four separate numbers',
      remedy: 'wrap the four numbers in a tuple',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.crop(("${left}", ${top}, ${right}, ${bottom}))`),
      cause: 'one of my coordinates was a string and not a number',
      remedy: 'write all four coordinates as plain numbers',
    }),
    wrongForm({
      index,
      form: array(
        (e) =>
          `${e}[${height} * ${part(top, height)}:${height} * ${part(bottom, height)}, ${width} * ${part(left, width)}:${width} * ${part(right, width)}]`,
      ),
      cause: 'the products in my slice are floats, and an array can only be sliced with integers',
      remedy: 'use whole pixel values for the region',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.crop(left=${left}, top=${top}, right=${right}, bottom=${bottom})`),
      cause: 'there are no keywords for the single edges of a crop',
      remedy: 'pass the region as one box',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.crop((${left}, ${top}), (${right}, ${bottom}))`),
      cause: 'I passed two corner points where crop takes a single box of four values',
      remedy: 'put the two corners into one tuple',
    }),
  ]
}

function badOrientations({ operation: { op }, index, random }: Spot<OrientationOperation>): Mistake[] {
  const angle = angleOf(op)
  const constant =
    op === 'flip_horizontal'
      ? 'FLIP_LEFT_RIGHT'
      : op === 'flip_vertical'
        ? 'FLIP_TOP_BOTTOM'
        : op.toUpperCase()
  const asText = wrongForm({
    index,
    form: pil((e) => `${e}.transpose("${constant}")`),
    cause: 'what transpose wants is the constant itself, and I gave its name as a string',
    remedy: 'leave the quotation marks away and use a proper call',
  })
  if (angle === null) {
    const [name, axis, method] = op === 'flip_horizontal' ? ['mirror', 1, 'fliplr'] : ['flip', 0, 'flipud']
    return [
      asText,
      wrongForm({
        index,
        form: pil((e) => `ImageOps.${name}(${e}, ${random.pick(['True', '1', '"full"'])})`),
        cause: `the function ImageOps.${name} takes the picture alone, my second argument was too many`,
        remedy: 'drop the extra argument',
      }),
      wrongForm({
        index,
        form: array((e) => `ImageOps.${name}(${e})`),
        cause: `the function ImageOps.${name} works on a PIL image, and I handed it a NumPy array`,
        remedy: 'stay with one kind of picture and not mix the two',
      }),
      wrongForm({
        index,
        form: array((e) => `np.flip(${e}, axis="${axis === 1 ? 'horizontal' : 'vertical'}")`),
        cause: 'the axis of np.flip is a number, not a word',
        remedy: 'name the direction in a way that the library knows',
      }),
      wrongForm({
        index,
        form: array((e) => `np.${method}(${e}, ${axis})`),
        cause: `the function np.${method} already knows its axis and takes nothing but the array`,
        remedy: 'call the flip without a second argument',
      }),
    ]
  }
  return [
    asText,
    wrongForm({
      index,
      form: pil((e) => `${e}.rotate("${angle}", expand=True)`),
      cause: 'I passed the angle as a string',
      remedy: 'pass it as a number',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.rotate(${angle}, ${random.pick(['expanded', 'resize', 'fit'])}=True)`),
      cause: 'the keyword that I used is none that rotate knows',
      remedy: 'use a call whose arguments I am sure of',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.rotate(degrees=${angle}, expand=True)`),
      cause: 'the angle of rotate is not called degrees',
      remedy: 'give the turn without that keyword',
    }),
    wrongForm({
      index,
      form: array((e) => `np.rot90(${e}, k="${angle / 90}")`),
      cause: 'the number of quarter turns has to be an integer, mine was text',
      remedy: 'make it a real number',
    }),
    wrongForm({
      index,
      form: pil((e) => `${e}.rotate(expand=True)`),
      cause: 'I left the angle out altogether',
      remedy: 'say how far to turn',
    }),
  ]
}

function badPhotometrics({ operation: { op }, index, random }: Spot<PhotometricOperation>): Mistake[] {
  const number = random.pick([2, 3])
  switch (op) {
    case 'autocontrast':
      return [
        wrongForm({
          index,
          form: pil((e) => `ImageOps.autocontrast(${e}, cutoff="${number}")`),
          cause: 'the cutoff was text instead of a number',
          remedy: 'give it as a number, or not at all',
        }),
        wrongForm({
          index,
          form: pil((e) => `ImageOps.autocontrast(${e}, percent=${number})`),
          cause: 'that argument of autocontrast has another name',
          remedy: 'use the argument that exists',
        }),
      ]
    case 'contrast_up':
      return [
        wrongForm({
          index,
          form: pil((e) => `ImageEnhance.Contrast(${e}).enhance("${number}")`),
          cause: 'the factor was a string',
          remedy: 'pass the factor as a number',
        }),
        wrongForm({
          index,
          form: pil((e) => `ImageEnhance.Contrast(${e}, ${number}).enhance()`),
          cause: 'the factor belongs to enhance, not to the enhancer itself',
          remedy: 'move the factor to where it belongs',
        }),
        wrongForm({
          index,
          form: pil((e) => `ImageEnhance.Contrast(${e}).enhance()`),
          cause: 'the call of enhance needs a factor and I gave none',
          remedy: 'add the factor',
        }),
      ]
    case 'sharpen':
      return [
        wrongForm({
          index,
          form: pil((e) => `${e}.filter(ImageFilter.UnsharpMask(radius=${number}, amount=1.5))`),
          cause: 'the unsharp mask of PIL has no argument called amount',
          remedy: 'use only arguments that it has',
        }),
        wrongForm({
          index,
          form: pil((e) => `${e}.filter("SHARPEN")`),
          cause: 'what filter wants is the filter itself, and I gave its name in quotation marks',
          remedy: 'pass the filter object',
        }),
        wrongForm({
          index,
          form: pil((e) => `${e}.filter(ImageFilter.UnsharpMask(radius="${number}"))`),
          cause: 'the radius was a string',
          remedy: 'write the radius as a number',
        }),
      ]
    case 'median_blur':
      return [
        wrongForm({
          index,
          form: pil((e) => `${e}.filter(ImageFilter.MedianFilter(size=${number === 2 ? 2 : 4}))`),
          cause: 'a median needs a window with a middle, and I asked for an even size',
          remedy: 'take an odd window',
        }),
        wrongForm({
          index,
          form: pil((e) => `${e}.filter(ImageFilter.MedianFilter(kernel=3))`),
          cause: 'the median filter of PIL has no keyword like that',
          remedy: 'use the name that it has',
        }),
        wrongForm({
          index,
          form: pil((e) => `${e}.filter("median", 3)`),
          cause: 'the method takes one filter object and no words',
          remedy: 'hand it a proper filter',
        }),
      ]
  }
}
