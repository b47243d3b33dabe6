/** A filled rectangle with round corners. */
export function panel({ x, y, width, height, fill }) {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}"/>`
}
