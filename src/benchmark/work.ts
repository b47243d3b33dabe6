export type WorkName = 'rotate' | 'crop' | 'cv2' | 'error'

/** What the calls of the benchmark run: code that a model writes, over `image`. */
export const WORKS: Readonly<Record<WorkName, string>> = {
  rotate: 'result = image.rotate(90, expand=True)\n',
  crop: 'w, h = image.size\nresult = image.crop((w // 4, h // 4, 3 * w // 4, 3 * h // 4))\n',
  cv2: 'result = Image.fromarray(cv2.GaussianBlur(np.array(image), (5, 5), 0))\n',
  error: 'width, height = image.size\nresult = image.crop((0, 0, width // 2, heigth // 2))\n',
}

export const SIZES = [64, 256, 1024, 4096] as const
export const CONCURRENCIES = [1, 2, 8] as const
