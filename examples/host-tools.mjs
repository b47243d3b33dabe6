// Code in the sandbox asks a function of this process (OCR), and works over several images at once. In a checkout: npm run build && node examples/host-tools.mjs
import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { createOcrTool, createSandbox } from '../dist/index.js'

/** A receipt as a PNG file; `angle` as it was laid on the scanner. */
async function receipt({ shop, lines, angle }) {
  const text = lines.map(
    ([name, amount], row) => `<text x="40" y="${150 + 50 * row}">${name}</text><text x="420" y="${150 + 50 * row}" text-anchor="end">${amount}</text>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="460" height="${180 + 50 * lines.length}" font-family="DejaVu Sans" font-size="28">
    <rect width="100%" height="100%" fill="#fdfdf6"/><text x="230" y="70" font-size="34" text-anchor="middle">${shop}</text>${text.join('')}</svg>`
  return sharp(Buffer.from(svg)).rotate(angle, { background: '#fdfdf6' }).png().toBuffer()
}

const monday = await receipt({ shop: 'Corner Bakery', lines: [['Rye bread', '4.20'], ['Coffee', '2.80'], ['TOTAL', '7.00']], angle: 0 })
const tuesday = await receipt({ shop: 'Harbour Café', lines: [['Soup', '6.50'], ['Tea', '2.40'], ['Cake', '3.10'], ['TOTAL', '12.00']], angle: 90 })

/** What a model could have written: the second receipt lies on its side. */
const code = `
upright = [images[0], images[1].rotate(90, expand=True)]

def total(receipt):
    words = tools.ocr(receipt)
    label = next(word for word in words if word["text"] == "TOTAL")
    level = [word for word in words if abs(word["box"][1] - label["box"][1]) < 15 and word["box"][0] > label["box"][2]]
    amount = level[-1]
    left, top, right, bottom = amount["box"]
    ImageDraw.Draw(receipt).rectangle((left - 6, top - 6, right + 6, bottom + 6), outline="red", width=3)
    return float(amount["text"])

totals = [total(receipt) for receipt in upright]
print(totals, "together", round(sum(totals), 2))

result = Image.new("RGB", (sum(receipt.width for receipt in upright) + 20, max(receipt.height for receipt in upright)), "grey")
left = 0
for receipt in upright:
    result.paste(receipt, (left, 0))
    left += receipt.width + 20
`

const sandbox = await createSandbox({ tools: { ocr: createOcrTool() } })
const session = await sandbox.open([monday, tuesday])
const execution = await session.execute({ code }, { timeoutMs: 20_000 })
if (execution.status === 'ok') {
  console.log('printed:', execution.stdout.trim())
  console.log('image:', execution.image.width, '×', execution.image.height)
  for (const { call, args, tool } of execution.operations)
    if (tool) console.log('used:', call, JSON.stringify(args), tool.outcome, `${Math.round(tool.durationMs)} ms`)
  const [path] = process.argv.slice(2)
  if (path) await writeFile(path, await execution.image.png())
} else console.log(execution.kind, execution.message, execution.traceback)

// What code may ask is listed, typed and counted; everything else is an exception of the code's.
for (const wrong of ['tools.shell("id")', 'tools.ocr("photo.jpg")', 'for _ in range(50): tools.ocr(image.crop((0, 0, 40, 40)))']) {
  const { type, message } = await session.execute({ code: wrong }, { timeoutMs: 20_000 })
  console.log(`${wrong}\n  ${type}: ${message}`)
}
await session.close()
await sandbox.close()
