import { createCanvas } from './canvas.js'
import type { DrawScene } from './scene.js'
import { makeCodes, makeNames, makeNumbers, makePrices } from './words.js'

const GOODS = [
  'Lamp',
  'Bread',
  'Paper',
  'Apples',
  'Rope',
  'Honey',
  'Candle',
  'Basket',
  'Soap',
  'Tea',
  'Brush',
  'Bowl',
]
const LINES = 9

/** A till receipt: item lines with amounts; asks for the amount of one line. */
export const drawReceipt: DrawScene = ({ random }) => {
  const canvas = createCanvas({
    width: 900,
    height: 1180,
    background: random.pick(['#4b5a66', '#6b5648', '#53614e']),
  })
  canvas.rectangle([110, 50, 790, 1130], { fill: '#fdfcf7' })
  const names = makeNames({ random, count: LINES + 1 })
  const goods = random.shuffle(GOODS)
  const prices = makePrices({ random, count: LINES })
  const [till = ''] = makeNumbers({ random, count: 1, low: 100, high: 999 })
  const ink = '#1c1c1c'
  const text = { font: 'dejavu', size: 26, colour: ink } as const

  canvas.text(
    `${names[LINES] ?? ''} Stores`,
    { x: 450, y: 130 },
    { ...text, font: 'dejavu-bold', size: 46, align: 'centre' },
  )
  canvas.text(
    `Till ${till}   Receipt ${makeCodes({ random, count: 1 })[0] ?? ''}`,
    { x: 450, y: 195 },
    { ...text, align: 'centre' },
  )
  canvas.line({ from: [150, 235], to: [750, 235] }, ink)

  const chosen = random.integer(0, LINES - 1)
  const items = prices.map((price, row) => {
    const label = `${names[row] ?? ''} ${goods[row] ?? ''}`
    const y = 300 + row * 72
    const [left, top] = canvas.text(label, { x: 160, y }, text)
    const [, , right, bottom] = canvas.text(price, { x: 740, y }, { ...text, align: 'right' })
    return { label, price, box: [left, top, right, bottom] as const }
  })
  canvas.line({ from: [150, 950], to: [750, 950] }, ink)
  const sum = prices.reduce((total, price) => total + Math.round(Number(price) * 100), 0)
  canvas.text('Sum', { x: 160, y: 1020 }, { ...text, font: 'dejavu-bold' })
  canvas.text((sum / 100).toFixed(2), { x: 740, y: 1020 }, { ...text, font: 'dejavu-bold', align: 'right' })
  canvas.text('Thank you for your visit', { x: 450, y: 1090 }, { ...text, align: 'centre' })

  const item = items[chosen] ?? { label: '', price: '', box: [0, 0, 0, 0] as const }
  return {
    kind: 'receipt',
    canvas,
    question: `What amount is printed for the line '${item.label}'?`,
    answer: item.price,
    box: item.box,
  }
}
