/** What photometric work is called; geometric names are told from maps. The vocabulary is that of the analysis of source text. */
export const PHOTOMETRIC: ReadonlySet<string> = new Set([
  ...['brightness', 'contrast', 'sharpness', 'color'].flatMap((name) => [name, `${name}_up`, `${name}_down`]),
  ...['autocontrast', 'equalize', 'grayscale', 'posterize', 'solarize'],
  ...['blur', 'gaussian_blur', 'median_blur', 'smooth', 'sharpen', 'detail', 'edge_enhance', 'edge_detect'],
  ...['erode', 'dilate'],
])
