/** Pixels of the picture for one of the view, along a side; `size` is the side of the square that has the picture's area, `view` the pixels of the view. */
export function pixelsPerViewPixel({ size, view }: { size: number; view: number }): number {
  return size / Math.sqrt(view)
}
