// Draws the demo suite into a parquet file: node scripts/draw-demo.mjs rows.parquet --rows 24 --seed recorded
import { parseArgs } from 'node:util'
import { generateDemoSuite } from '../dist/data/demo/generate-demo-suite.js'
import { writeParquet } from '../dist/data/write-parquet.js'

const {
  positionals: [path],
  values: { rows, seed },
} = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '24' }, seed: { type: 'string', default: 'demo' } },
})
await writeParquet({ path, rows: generateDemoSuite({ rows: Number(rows), seed }) })
