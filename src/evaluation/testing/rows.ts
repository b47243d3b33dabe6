import { writeFile } from 'node:fs/promises'
import { TRANSFORMS } from '../../core/transform.js'

/** Write a JSONL file of questions for tests; row `index` asks for its number, under the transformations in turn. */
export async function writeRows({ path, count }: { path: string; count: number }): Promise<string> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `row-${index}`,
    question: `Which number is ${index}?`,
    answer: String(index),
    image: { bytes: Buffer.from(`image ${index}`).toString('base64') },
    transform: [TRANSFORMS[index % TRANSFORMS.length], 'crop'],
  }))
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path
}
