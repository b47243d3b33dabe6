import type { Style } from '../vocabulary.js'
import { drawCards } from './cards.js'
import { drawChart } from './chart.js'
import type { DrawStyle } from './draw-style.js'
import { drawNote } from './note.js'
import { drawReceipt } from './receipt.js'
import { drawSign } from './sign.js'
import { drawTable } from './table.js'

export const DRAW_STYLE: Readonly<Record<Style, DrawStyle>> = {
  cards: drawCards,
  receipt: drawReceipt,
  sign: drawSign,
  table: drawTable,
  chart: drawChart,
  note: drawNote,
}
