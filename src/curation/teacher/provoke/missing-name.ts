import { pil } from '../code/operation-form.js'
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

/** Names, helpers and modules that are not there: NameError, AttributeError or ImportError. */
export function missingNames(spot: Spot): Mistake[] {
  const { operation } = spot
  const own = isCrop(operation)
    ? missingInCrop({ ...spot, operation })
    : isOrientation(operation)
      ? missingInOrientation({ ...spot, operation })
      : missingInPhotometric({ ...spot, operation })
  return [...own, ...misspelt(spot), ...missingImages(spot)]
}

/** A letter of a name is lost, doubled or swapped with the next. */
function misspelt({ random }: Spot): Mistake[] {
  const at = random.integer(1, 3)
  const ways: readonly ((name: string) => string)[] = [
    (name) => name.slice(0, at) + name.slice(at + 1),
    (name) => name.slice(0, at) + name.charAt(at) + name.slice(at),
    (name) => name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2),
  ]
  return ways.map((way) => ({
    sabotage: {
      at: 'end' as const,
      // Swapping two equal letters would change nothing.
      misspell: (name: string) => (way(name) === name ? `${name}s` : way(name)),
    },
    cause: random.pick([
      'I misspelt my own variable in the last line',
      'the name in the last line has a typo',
      'the variable that I return is written differently where I set it',
    ]),
    remedy: 'use one name from start to end',
  }))
}

function missingImages({ index, random }: Spot): Mistake[] {
  const name = random.pick(['image_0', 'img0', 'original', 'input_image', 'im', 'photo'])
  return [
    wrongForm({
      index,
      form: pil(() => `${name}.copy()`),
      cause: `there is no ${name} here, the picture comes in as image`,
      remedy: 'start from the name that the tool really gives me',
    }),
  ]
}

function missingInCrop({
  operation: {
    box: [left, top, right, bottom],
  },
  index,
  size: { width, height },
  random,
}: Spot<CropOperation>): Mistake[] {
  const box = `(${left}, ${top}, ${right}, ${bottom})`
  const helper = random.pick(['crop_image', 'crop_region', 'zoom_in', 'extract_region', 'crop_box'])
  const part = (pixel: number, side: number): string => (pixel / side).toFixed(3)
  return [
    wrongForm({
      index,
      form: pil((e) => `${helper}(${e}, ${box})`),
      cause: `a function called ${helper} does not exist here`,
      remedy: 'crop with what PIL itself offers',
    }),
    wrongForm({
      index,
      form: pil(
        (e) =>
          `${e}.crop((int(w * ${part(left, width)}), int(h * ${part(top, height)}), int(w * ${part(right, width)}), int(h * ${part(bottom, height)})))`,
      ),
      cause: 'I used w and h without ever setting them',
      remedy: 'define everything that the line needs',
    }),
    wrongForm({
      index,
      form: pil((e) => `cv2.crop(np.array(${e}), ${box})`),
      cause: 'OpenCV has no function for cropping',
      remedy: 'crop in another way',
    }),
    wrongForm({
      index,
      form: pil(
        (e) =>
          `Image.fromarray(skimage.util.crop(np.array(${e}), ((${top}, ${height - bottom}), (${left}, ${width - right}), (0, 0))))`,
      ),
      lines: ['import skimage.util'],
      cause: 'the module skimage is not among the libraries that I may use',
      remedy: 'do it with PIL or NumPy',
    }),
    wrongForm({
      index,
      form: pil((e) => `Image.crop_box(${e}, ${box})`),
      cause: 'PIL has nothing of that name',
      remedy: 'call crop on the picture itself',
    }),
  ]
}

function missingInOrientation({ operation: { op }, index, random }: Spot<OrientationOperation>): Mistake[] {
  const angle = angleOf(op)
  const isMirror = op === 'flip_horizontal'
  const argument = angle === null ? '' : `, ${angle}`
  const helper =
    angle === null
      ? random.pick(['flip_image', 'mirror_image', 'unflip'])
      : random.pick(['rotate_image', 'fix_orientation', 'rotate_bound', 'deskew'])
  const missing =
    angle === null ? (isMirror ? 'ImageOps.flip_horizontal' : 'ImageOps.flip_vertical') : 'ImageOps.rotate'
  const module = random.pick(['imutils', 'scipy.ndimage', 'torchvision'])
  const call =
    angle === null ? `.flip(np.array(image), ${isMirror ? 1 : 0})` : `.rotate(np.array(image), ${angle})`
  return [
    wrongForm({
      index,
      form: pil((e) => `${helper}(${e}${argument})`),
      cause: `I called ${helper} as if someone had defined it`,
      remedy: 'use a function that is really there',
    }),
    wrongForm({
      index,
      form: pil((e) => `${missing}(${e}${argument})`),
      cause: `there is nothing called ${missing}`,
      remedy: 'take the call that PIL has for it',
    }),
    wrongForm({
      index,
      form: pil(() => `Image.fromarray(${module}${call})`),
      lines: [`import ${module}`],
      cause: `the module ${module} is not available in here`,
      remedy: 'manage with PIL, NumPy and OpenCV',
    }),
    wrongForm({
      index,
      form: pil(() => `Image.fromarray(${angle === null ? 'skimage.transform' : 'ndimage'}${call})`),
      cause: 'I used a module without importing it, and it is not provided',
      remedy: 'stay with the libraries that I have',
    }),
  ]
}

function missingInPhotometric({ operation: { op }, index }: Spot<PhotometricOperation>): Mistake[] {
  const [helper, attribute, module] = {
    autocontrast: ['auto_contrast', 'ImageOps.auto_contrast', 'exposure.equalize_adapthist'],
    contrast_up: ['increase_contrast', 'ImageEnhance.contrast', 'exposure.adjust_gamma'],
    sharpen: ['sharpen_image', 'ImageFilter.Sharpen', 'filters.unsharp_mask'],
    median_blur: ['remove_noise', 'cv2.medianFilter', 'ndimage.median_filter'],
  }[op]
  return [
    wrongForm({
      index,
      form: pil((e) => `${helper}(${e})`),
      cause: `nobody defined ${helper}`,
      remedy: 'call the library function instead',
    }),
    wrongForm({
      index,
      form: pil((e) => `${attribute}(${e})`),
      cause: `the library has nothing called ${attribute}`,
      remedy: 'use the right name',
    }),
    wrongForm({
      index,
      form: pil((e) => `Image.fromarray(${module}(np.array(${e})))`),
      cause: 'that module was never imported, and I do not have it',
      remedy: 'do the same with PIL',
    }),
  ]
}
