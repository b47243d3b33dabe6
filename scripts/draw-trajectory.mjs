// Draws a run of one question as one picture: every turn with its thought, its code, the image before and the image after.
// node scripts/draw-trajectory.mjs FOLDER OUT.png     (FOLDER: what `codevision run` saved; needs `npm run build`)
// Text is drawn from outlines of installed fonts, so the picture does not depend on the fonts of the machine.
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { taggedBlocks } from '../dist/core/tagged-blocks.js'
import { extractAnswer } from '../dist/reward/answers.js'
import { drawCode } from './drawing/code-panel.mjs'
import { COLOURS, MARGIN, PICTURES, SCALE, STYLES, TEXT, WIDTH } from './drawing/look.mjs'
import { line, paragraph } from './drawing/outlined-text.mjs'
import { drawPictures } from './drawing/pictures.mjs'

const MOST_TURNS = 6
const MOST_THOUGHT_LINES = 4

const [folder, out] = process.argv.slice(2)
if (folder === undefined || out === undefined)
  throw new Error('Expected a folder and a file: node scripts/draw-trajectory.mjs FOLDER OUT.png')
const trajectory = JSON.parse(readFileSync(join(folder, 'trajectory.json'), 'utf8'))
if (trajectory.turns > MOST_TURNS)
  throw new Error(
    `Expected at most ${MOST_TURNS} turns, got ${trajectory.turns}: a picture of them would be too tall to read.`,
  )

const svg = await drawRun(trajectory)
await mkdir(dirname(out), { recursive: true })
const drawn = sharp(Buffer.from(svg), { density: 72 * SCALE })
await writeFile(out, await drawn.png({ palette: true, compressionLevel: 9, effort: 10 }).toBuffer())

async function drawRun({ messages, calls, images, stop }) {
  const asked = messages.find(({ role }) => role === 'user')
  const turns = messages.filter(({ role }) => role === 'assistant').map(textOf)
  const given = images.filter(({ call }) => call === null).length
  const parts = []
  let y = MARGIN
  const title = paragraph(textOf(asked), { x: MARGIN, y, width: WIDTH - 2 * MARGIN, style: STYLES.title })
  y += title.height + 6
  const counts = [
    count(given, 'image'),
    count(turns.length, 'turn'),
    `${count(calls.length, 'call')} of Python in the sandbox`,
  ]
  parts.push(title.svg, line(counts.join('  ·  '), { x: MARGIN, y, style: STYLES.subtitle }))
  y += STYLES.subtitle.lead + 26

  for (const [turn, text] of turns.entries()) {
    parts.push(rule(y))
    y += 32
    const isAnswer = stop === 'answer' && turn === turns.length - 1
    const drawn = await drawTurn({
      turn,
      text,
      calls: calls.filter((call) => call.turn === turn),
      images,
      answer: isAnswer ? extractAnswer(text) : null,
      y,
    })
    parts.push(drawn.svg)
    y += drawn.height + 32
  }
  const height = Math.ceil(y + MARGIN - 32)
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}">` +
    `<rect x="0.75" y="0.75" width="${WIDTH - 1.5}" height="${height - 1.5}" rx="14" fill="${COLOURS.page}" stroke="${COLOURS.rule}" stroke-width="1.5"/>` +
    `${parts.join('')}</svg>`
  )
}

/** One row: number, thought and code on the left, images (or the answer) on the right. */
async function drawTurn({ turn, text, calls, images, answer, y }) {
  const badge =
    `<circle cx="${MARGIN + 17}" cy="${y + 12}" r="17" fill="${COLOURS.panel}"/>` +
    line(String(turn + 1), { x: MARGIN + 17, y: y + 1, style: STYLES.turn, align: 0.5 })
  const thought = paragraph(thoughtOf(text), {
    x: TEXT.left,
    y,
    width: TEXT.width,
    style: STYLES.thought,
    most: MOST_THOUGHT_LINES,
  })
  const parts = [badge, thought.svg]
  let left = y + thought.height
  let right = y
  for (const { call, execution } of calls) {
    const code = drawCode({ code: call.code, failed: execution.line ?? null, y: left + 14 })
    const pictures = await drawPictures({ folder, call, execution, images, y: right })
    parts.push(code.svg, pictures.svg)
    left += code.height + 14
    right += pictures.height
  }
  if (answer !== null) {
    const label = line('Answer', { x: PICTURES.left, y, style: STYLES.label })
    const said = paragraph(answer, {
      x: PICTURES.left,
      y: y + 26,
      width: PICTURES.width,
      style: STYLES.answer,
    })
    parts.push(label, said.svg)
    right += said.height + 26
  }
  return { svg: parts.join(''), height: Math.max(left, right) - y }
}

function rule(y) {
  return `<rect x="${MARGIN}" y="${y}" width="${WIDTH - 2 * MARGIN}" height="1" fill="${COLOURS.rule}"/>`
}

/** What was thought: inside the tags where there are any, else what was written beside the call and the answer. */
function thoughtOf(text) {
  const { blocks } = taggedBlocks({ text, open: '<think>', close: '</think>' })
  if (blocks.length > 0) return blocks.join(' ').trim()
  const spoken = taggedBlocks({ text, open: '<tool_call>', close: '</tool_call>' }).rest
  return taggedBlocks({ text: spoken, open: '<answer>', close: '</answer>' }).rest.trim()
}

function textOf({ content }) {
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
