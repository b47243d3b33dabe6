// A real exchange with `codevision serve mcp` over stdio, written into docs/mcp.md between its two marks, and the pictures that it brought into docs/images.
//
//   npm run build && node scripts/mcp-transcript.mjs
//
// What is asked for is written here, as a model would; every answer is the server's, from the real sandbox.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = join(root, 'docs/mcp.md')
const [BEGIN, END] = ['<!-- transcript: node scripts/mcp-transcript.mjs -->', '<!-- end of transcript -->']
/** Small, so that a crop shows more than the whole does. */
const OPTIONS = ['--root', 'docs/images', '--max-pixels', '160000']
const LARGEST_PICTURE = 60_000

const code = (text, description, index) => ({ code: text, description, image_index: index })
const CALLS = [
  ['open_image', { path: 'receipt.png' }],
  ['code_image_tool', code('result = image.transpose(Image.CLOCKWISE)', 'turn upright', 0)],
  ['code_image_tool', code('result = image.rotate(-90, expand=True)', 'turn upright', 0)],
  [
    'code_image_tool',
    code(
      'line = image.crop((150, 340, 750, 385))\nprint(line.size)\nresult = line.resize((1200, 90), Image.LANCZOS)',
      'enlarge the line of the apples',
      1,
    ),
  ],
  ['list_images', {}],
  ['close', {}],
]

const client = new Client({ name: 'transcript', version: '1' })
await client.connect(
  new StdioClientTransport({
    command: process.execPath,
    args: ['dist/cli/main.js', 'serve', 'mcp', ...OPTIONS],
    cwd: root,
    stderr: 'inherit',
  }),
)
const parts = []
let pictures = 0
try {
  for (const [name, given] of CALLS) {
    const { content, isError = false } = await client.callTool({ name, arguments: given })
    parts.push(asked(name, given), content.map((part) => answered(part, isError)).join('\n\n'))
  }
} finally {
  await client.close()
}
const text = readFileSync(page, 'utf8')
const [before, after] = [text.indexOf(BEGIN), text.indexOf(END)]
if (before < 0 || after < before) throw new Error(`${page} has not the marks ${BEGIN} and ${END}.`)
writeFileSync(page, `${text.slice(0, before)}${BEGIN}\n\n${parts.join('\n\n')}\n\n${text.slice(after)}`)
console.log(`${CALLS.length} calls and ${pictures} pictures in docs/mcp.md.`)

function asked(name, { code: python, ...given }) {
  const words = Object.entries(given).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  const call = `**→** \`${name}\`${words.length === 0 ? '' : ` \`{${words.join(', ')}}\``}`
  return python === undefined ? call : `${call}\n\n\`\`\`python\n${python}\n\`\`\``
}

function answered(part, isError) {
  if (part.type === 'text') return `**←**${isError ? ' `isError`' : ''}\n\n\`\`\`text\n${part.text}\n\`\`\``
  const bytes = Buffer.from(part.data, 'base64')
  if (bytes.length > LARGEST_PICTURE)
    throw new Error(`A picture of ${bytes.length} bytes is too large for the documents.`)
  pictures += 1
  const file = `mcp-${pictures}.${part.mimeType === 'image/png' ? 'png' : 'jpg'}`
  writeFileSync(join(root, 'docs/images', file), bytes)
  return `![What the model sees](images/${file})`
}
