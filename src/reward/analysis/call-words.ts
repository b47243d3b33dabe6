const ROTATION = /\.rotate\s*\(|rot90|ROTATE_\d/
const BLUR = /blur|boxFilter/i

/** Words without which the reader of texts does not find an operation. */
const WORDS: Readonly<Record<string, RegExp>> = {
  rotate_90: ROTATION,
  rotate_180: ROTATION,
  rotate_270: ROTATION,
  flip_horizontal: /ImageOps\.mirror|FLIP_LEFT_RIGHT/,
  flip_vertical: /ImageOps\.flip|FLIP_TOP_BOTTOM/,
  crop: /\.crop\s*\(/,
  resize: /\.resize\s*\(|ImageOps\.fit\b/,
  grayscale: /\.convert\s*\(|2GRAY/,
  brightness: /Brightness|convertScaleAbs/,
  contrast: /\bContrast|convertScaleAbs/,
  sharpness: /Sharpness/,
  color: /ImageEnhance\.Color/,
  equalize: /equalize/,
  blur: BLUR,
  gaussian_blur: BLUR,
  median_blur: /median/i,
  smooth: /SMOOTH/i,
  sharpen: /SHARPEN|UNSHARPMASK/i,
  edge_enhance: /EDGE_ENHANCE/i,
  edge_detect: /FIND_EDGES|Canny|Sobel|Laplacian/i,
}

/** Whether a code has the words of an operation; one that is not known is looked for by its name. */
export function hasWordsOf(transform: string, code: string): boolean {
  const words = WORDS[transform] ?? WORDS[transform.replace(/_(up|down)$/, '')]
  return words === undefined ? code.includes(transform) : words.test(code)
}
