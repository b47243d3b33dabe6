import type { Box } from '../../core/transform.js'
import { createCanvas } from './canvas.js'
import type { DrawScene } from './scene.js'
import { makeNames, makeNumbers } from './words.js'

const MONTHS = ['January', 'March', 'June', 'August', 'October'] as const
const ROWS = 7

/** A table of numbers, places by months; asks for one cell. */
export const drawTimetable: DrawScene = ({ random }) => {
  const canvas = createCanvas({ width: 1300, height: 880, background: '#ffffff' })
  const ink = '#222222'
  const text = { font: 'dejavu', size: 26, colour: ink } as const
  const names = makeNames({ random, count: ROWS })
  const cells = makeNumbers({ random, count: ROWS * MONTHS.length, low: 1200, high: 9800 })
  const chosenRow = random.integer(0, ROWS - 1)
  const chosenColumn = random.integer(0, MONTHS.length - 1)
  const columnAt = (column: number) => 420 + column * 195
  let box: Box = [0, 0, 0, 0]

  canvas.text('Visitors by place and month', { x: 60, y: 90 }, { ...text, font: 'dejavu-bold', size: 38 })
  MONTHS.forEach((month, column) =>
    canvas.text(month, { x: columnAt(column), y: 180 }, { ...text, font: 'dejavu-bold', align: 'right' }),
  )
  names.forEach((name, row) => {
    const y = 265 + row * 82
    canvas.line({ from: [50, y - 54], to: [1250, y - 54] }, '#999999')
    canvas.text(name, { x: 60, y }, text)
    MONTHS.forEach((_, column) => {
      const cell = canvas.text(
        cells[row * MONTHS.length + column] ?? '',
        { x: columnAt(column), y },
        { ...text, align: 'right' },
      )
      if (row === chosenRow && column === chosenColumn) box = cell
    })
  })
  return {
    kind: 'timetable',
    canvas,
    question: `Which number is given for '${names[chosenRow] ?? ''}' in the column '${MONTHS[chosenColumn] ?? ''}'?`,
    answer: cells[chosenRow * MONTHS.length + chosenColumn] ?? '',
    box,
  }
}
