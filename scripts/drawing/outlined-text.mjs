// Lines and paragraphs of SVG, drawn as outlines of letters. A style is { font, size, lead, colour }, in units of the drawing.
import { loadTypeface } from '../../dist/data/demo/typeface.js'

/** A text in lines below `y`; past `most` lines it is cut, and says so. */
export function paragraph(text, { x, y, width, style, most = Infinity }) {
  const all = wrap(text, { width, style })
  const lines = all.length > most ? [...all.slice(0, most - 1), `${all[most - 1]} …`] : all
  const svg = lines.map((one, index) => line(one, { x, y: y + index * style.lead, style })).join('')
  return { svg, height: lines.length * style.lead }
}

/** One line in the lead below `y`; `align` is the part of its width that lies left of x. */
export function line(text, { x, y, style: { font, size, lead, colour }, align = 0 }) {
  const typeface = loadTypeface(font)
  const left = x - align * typeface.width(text, size)
  return `<path d="${typeface.outline(text, { x: left, y: y + lead / 2 + size * 0.36, size })}" fill="${colour}"/>`
}

/** Lines no wider than `width`: broken where `after` matches, between words where that is not enough, else between letters. */
export function wrap(text, { width, style: { font, size }, after = /\s+/ }) {
  const isWide = (piece) => loadTypeface(font).width(piece, size) > width
  const lines = []
  let open = ''
  const pieces = text.split(after).flatMap((piece) => (isWide(piece) ? piece.split(/\s+/) : [piece]))
  for (const piece of pieces) {
    const longer = open === '' ? piece : `${open} ${piece}`
    if (!isWide(longer)) {
      open = longer
      continue
    }
    if (open !== '') lines.push(open)
    open = ''
    for (const letter of piece) {
      if (open !== '' && isWide(open + letter)) {
        lines.push(open)
        open = ''
      }
      open += letter
    }
  }
  return [...lines, open]
}
