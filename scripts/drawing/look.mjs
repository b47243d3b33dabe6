// Measures, colours and letters of a drawn run; lengths in units of the drawing.
export const WIDTH = 1200
export const MARGIN = 48
/** Pixels of the file for each unit of the drawing: sharp where a page shows it at up to this many times its width. */
export const SCALE = 1.5
export const TEXT = { left: 112, width: 496 }
export const PICTURES = { left: 652, width: 500, gap: 60 }

export const COLOURS = {
  page: '#ffffff',
  ink: '#1f2328',
  muted: '#667085',
  rule: '#e4e7ec',
  panel: '#f5f6f8',
  accent: '#1d5fd1',
  wrong: '#b42318',
  wrongPanel: '#fdeceb',
}
export const STYLES = {
  title: { font: 'roboto-bold', size: 30, lead: 38, colour: COLOURS.ink },
  subtitle: { font: 'roboto', size: 17, lead: 24, colour: COLOURS.muted },
  thought: { font: 'roboto', size: 18, lead: 26, colour: COLOURS.ink },
  code: { font: 'dejavu', size: 14.5, lead: 23, colour: COLOURS.ink },
  lineNumber: { font: 'dejavu', size: 12.5, lead: 23, colour: COLOURS.muted },
  caption: { font: 'roboto', size: 14.5, lead: 20, colour: COLOURS.muted },
  turn: { font: 'roboto-bold', size: 17, lead: 22, colour: COLOURS.accent },
  label: { font: 'roboto', size: 17, lead: 24, colour: COLOURS.muted },
  answer: { font: 'roboto-bold', size: 40, lead: 48, colour: COLOURS.accent },
}
