import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import sharp from 'sharp'

const TRANSFORMS = ['none', 'rotate_90', 'rotate_180', 'rotate_270', 'flip_horizontal', 'flip_vertical']
const THOUGHT =
  'The image seems to lie on its side, and the print is too small to be read in this copy. I turn it upright first and then look at the place that the question asks for. '

/** Write a run of `samples` samples and 2.5 images a sample: small pictures, each another, as a rollout with one to two calls leaves them. */
export async function makeReportRun({ path, samples }) {
  await mkdir(join(path, 'images'), { recursive: true })
  const head = {
    ...{ suite: 'mvtoolbench', policy: { name: 'openai', model: 'Qwen/Qwen2.5-VL-7B-Instruct' } },
    ...{ scoring: 'codevision', judge: 'none', epochs: 1, planned: samples },
  }
  await writeFile(
    join(path, 'manifest.json'),
    JSON.stringify({
      ...{ schemaVersion: 1, createdAt: '2026-01-01T00:00:00.000Z' },
      ...{ identity: { head }, config: {}, environment: {} },
    }),
  )
  const journal = createWriteStream(join(path, 'samples.jsonl'))
  for (let index = 0; index < samples; index++) {
    const count = index % 2 === 0 ? 2 : 3
    const images = await Promise.all(
      Array.from({ length: count }, (_, number) => picture({ path, seed: 3 * index + number })),
    )
    if (!journal.write(`${JSON.stringify(sampleOf({ index, images }))}\n`)) await once(journal, 'drain')
  }
  journal.end()
  await once(journal, 'close')
}

async function picture({ path, seed }) {
  const [width, height] = [160 + (seed % 5) * 16, 120 + (seed % 7) * 8]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${seed % 360} 30% 88%)"/><rect x="${seed % 80}" y="${seed % 61}" width="${30 + (seed % 47)}" height="${20 + (seed % 31)}" fill="hsl(${(seed * 7) % 360} 40% 40%)"/><circle cx="${seed % 149}" cy="${seed % 113}" r="${4 + (seed % 9)}"/></svg>`
  const png = await sharp(Buffer.from(svg)).png({ compressionLevel: 3 }).toBuffer()
  const sha256 = createHash('sha256').update(png).digest('hex')
  await writeFile(join(path, 'images', `${sha256}.png`), png)
  return { sha256, width, height }
}

function sampleOf({ index, images }) {
  const transform = TRANSFORMS[index % 6]
  const key = `${createHash('sha256').update(String(index)).digest('hex')}#0`
  const question = `What is written on sign number ${index}, to the left of the door with the blue frame?`
  const failed = index % 5 === 0
  const correct = index % 3 !== 0
  const messages = [
    { role: 'system', content: [{ type: 'text', text: THOUGHT.repeat(10) }] },
    {
      role: 'user',
      content: [
        { type: 'image', index: 0, image: images[0] },
        { type: 'text', text: question },
      ],
    },
  ]
  const calls = []
  const call = (execution) => {
    const code = `# step ${calls.length}\nturned = image.rotate(90, expand=True)\nbox = (10, 20, ${90 + calls.length}, 100)\nresult = ImageOps.autocontrast(turned.crop(box))`
    messages.push({
      role: 'assistant',
      content: [
        {
          type: 'text',
          text: `<think>${THOUGHT.repeat(3)}</think>\n<tool_call>\n${JSON.stringify({ name: 'code_image_tool', arguments: { code } })}\n</tool_call>`,
        },
      ],
    })
    messages.push({ role: 'tool', content: [{ type: 'text', text: 'Here it is.' }] })
    calls.push({
      turn: calls.length,
      call: { code, description: 'Turn and crop', imageIndex: 0 },
      execution: { stdout: '', durationMs: 11, ...execution },
    })
  }
  if (failed)
    call({
      ...{ status: 'error', kind: 'runtime', type: 'NameError', message: "name 'turnd' is not defined" },
      ...{ traceback: 'NameError', line: 2, operations: [] },
    })
  images.slice(1).forEach((image, number) =>
    call({
      ...{ status: 'ok', unchanged: false, imageIndex: number + 1 },
      image: { ...image, mode: 'RGB', sourceMode: 'RGB' },
      operations: ['rotate_90', 'crop', ...(index % 4 === 0 ? ['autocontrast'] : [])].map((op) => ({
        ...{ op, call: op, args: [], verified: true },
        ...{ affine: [1, 0, 4, 0, 1, 4], box: [4, 4, 60, 60] },
      })),
    }),
  )
  const answer = correct ? `SIGN ${index}` : `SING ${index}`
  messages.push({
    role: 'assistant',
    content: [{ type: 'text', text: `<think>${THOUGHT}</think>\n<answer>${answer}</answer>` }],
  })
  return {
    ...{ key, taskId: String(index), epoch: 0, suite: 'mvtoolbench', transform, question },
    ...{ answers: [`SIGN ${index}`], category: `kind ${index % 9}`, requiredTools: ['crop'] },
    ...{ box: [20, 20, 60, 50], outcome: correct ? 'correct' : 'wrong' },
    trajectory: {
      messages,
      images: images.map((image, number) => ({
        ...image,
        call: number === 0 ? null : number - 1 + Number(failed),
        view: image,
      })),
      ...{ calls, turns: calls.length + 1, malformedCalls: 0, stop: 'answer' },
      usage: { promptTokens: 1800, completionTokens: 240 },
    },
    scores: { codevision: { profile: 'codevision', answer, correct, rule: 'equal', judge: null } },
    ...{ reward: null, error: null, attempts: 1 },
    timings: { totalMs: 2400 + (index % 900), modelMs: 2300, sandboxMs: 90, judgeMs: 0 },
  }
}
