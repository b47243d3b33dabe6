// Writes what a policy said in a run, by question and turn, for scripts/serve-recorded.mjs:
//
//   codevision demo --policy tesseract --rows 24 --seed recorded && node scripts/record-answers.mjs runs/demo-tesseract-… --seed recorded > scripts/recorded/demo-answers.json
//
// Questions must be unique in the run.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const {
  positionals: [run],
  values: { seed },
} = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: 'demo' } } })
const samples = readFileSync(join(run, 'samples.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const answers = {}
for (const { question, trajectory } of samples.sort((a, b) => (a.question < b.question ? -1 : 1))) {
  if (question in answers) throw new Error(`Two samples ask: ${question}`)
  answers[question] = trajectory.messages
    .filter(({ role }) => role === 'assistant')
    .map(({ content }) => content.map(({ text }) => text).join(''))
}
console.log(JSON.stringify({ seed, rows: samples.length, answers }, null, 1))
