import type { PathCommand } from 'opentype.js'

/**
 * SVG path data of an outline, rounded to hundredths. The library's own writer gives NaN for coordinates that are all but whole numbers (5e-14 beside one), and a
 * renderer leaves out the rest of such a letter.
 */
export function pathData(commands: readonly PathCommand[]): string {
  return commands.map(commandData).join('')
}

function commandData(command: PathCommand): string {
  switch (command.type) {
    case 'M':
    case 'L':
      return `${command.type}${points(command.x, command.y)}`
    case 'Q':
      return `Q${points(command.x1, command.y1, command.x, command.y)}`
    case 'C':
      return `C${points(command.x1, command.y1, command.x2, command.y2, command.x, command.y)}`
    case 'Z':
      return 'Z'
  }
}

function points(...coordinates: readonly number[]): string {
  return coordinates.map((coordinate) => String(Math.round(coordinate * 100) / 100)).join(' ')
}
