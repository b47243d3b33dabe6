import { createCanvas } from './canvas.js'
import type { DrawScene } from './scene.js'
import { makeNames, makeNumbers } from './words.js'

const ROWS = 8

/** A dark sign with places and room numbers; asks for the number beside one place. */
export const drawDirectory: DrawScene = ({ random }) => {
  const canvas = createCanvas({ width: 1280, height: 900, background: '#c9c4ba' })
  canvas.rectangle([140, 60, 1140, 840], {
    fill: random.pick(['#12324f', '#1d3b2a', '#3a2430']),
    radius: 16,
  })
  const colour = '#f6f6f0'
  const names = makeNames({ random, count: ROWS })
  const suffixes = names.map(() => random.pick(['Hall', 'Library', 'Studio', 'Office', 'Garden']))
  const rooms = makeNumbers({ random, count: ROWS, low: 201, high: 989 })
  canvas.text('DIRECTORY', { x: 640, y: 140 }, { font: 'roboto-bold', size: 50, colour, align: 'centre' })
  const rows = names.map((name, row) => {
    const place = `${name} ${suffixes[row] ?? ''}`
    const y = 225 + row * 76
    const style = { font: 'roboto', size: 30, colour } as const
    const [left, top] = canvas.text(place, { x: 230, y }, style)
    const [, , right, bottom] = canvas.text(rooms[row] ?? '', { x: 1050, y }, { ...style, align: 'right' })
    return { place, room: rooms[row] ?? '', box: [left, top, right, bottom] as const }
  })
  const row = random.pick(rows)
  return {
    kind: 'directory',
    canvas,
    question: `Which room number stands next to '${row.place}' on the sign?`,
    answer: row.room,
    box: row.box,
  }
}
