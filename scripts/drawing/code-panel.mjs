import { COLOURS, STYLES, TEXT } from './look.mjs'
import { line, wrap } from './outlined-text.mjs'
import { panel } from './panel.mjs'

const MOST_CODE_LINES = 12

/** Numbered lines on a panel, long ones continued; the line that failed is marked. */
export function drawCode({ code, failed, y }) {
  const lines = code.trimEnd().split('\n')
  const first = Math.max(0, Math.min((failed ?? 1) - MOST_CODE_LINES, lines.length - MOST_CODE_LINES))
  const shown = lines.slice(first, first + MOST_CODE_LINES)
  const [padding, numbers] = [14, 26]
  const x = TEXT.left + padding + numbers
  const rows = shown.flatMap((source, index) => {
    const number = first + index + 1
    const indent = /^\s*/.exec(source)?.[0] ?? ''
    const width = TEXT.width - 2 * padding - numbers
    const wrapped = wrap(source.trim(), {
      width: width - indent.length * 6 - 20,
      style: STYLES.code,
      after: /(?<=,)\s+/,
    })
    return wrapped.map((text, part) => ({
      text,
      number: part === 0 ? number : null,
      x: x + indent.length * 6 + (part === 0 ? 0 : 20),
      isWrong: number === failed,
    }))
  })
  const { lead } = STYLES.code
  const height = rows.length * lead + 2 * padding - 4
  const parts = [panel({ x: TEXT.left, y, width: TEXT.width, height, fill: COLOURS.panel })]
  for (const [index, { text, number, x, isWrong }] of rows.entries()) {
    const top = y + padding - 2 + index * lead
    if (isWrong)
      parts.push(
        `<rect x="${TEXT.left}" y="${top}" width="${TEXT.width}" height="${lead}" fill="${COLOURS.wrongPanel}"/>`,
        `<rect x="${TEXT.left}" y="${top}" width="4" height="${lead}" fill="${COLOURS.wrong}"/>`,
      )
    if (number !== null)
      parts.push(
        line(String(number), {
          x: TEXT.left + padding + 10,
          y: top,
          style: isWrong ? { ...STYLES.lineNumber, colour: COLOURS.wrong } : STYLES.lineNumber,
          align: 1,
        }),
      )
    parts.push(line(text, { x, y: top, style: STYLES.code }))
  }
  return { svg: parts.join(''), height }
}
