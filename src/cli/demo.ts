import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import { EXIT } from './report-failure.js'
import { runName } from './run-name.js'

interface DemoArguments {
  rows: number
  seed: string
  output: string
}

/** View of about 0.4 Mpx: small print cannot be read before it is cropped out of the full picture. */
const VIEW_PIXELS = 512 * 28 * 28

export const demoCommand: CommandModule<object, DemoArguments> = {
  command: 'demo',
  describe: 'Draw a small suite and let the classical agent solve it in the sandbox',
  builder: (command) =>
    command
      .option('rows', { type: 'number', default: 60, describe: 'Questions, the six orientations in turn' })
      .option('seed', { type: 'string', default: 'demo', describe: 'Other seed, other pictures and answers' })
      .option('output', { type: 'string', default: 'runs', describe: 'Folder that holds the runs' })
      .example('$0 demo', '60 pictures, upright, turned and mirrored')
      .example('$0 demo --rows 12 --seed mine', 'A shorter one on other pictures'),
  handler: async ({ rows, seed, output }) => {
    const { loadEvaluationConfig } = await import('../config/evaluation-config.js')
    const { generateDemoSuite } = await import('../data/demo/generate-demo-suite.js')
    const { writeParquet } = await import('../data/write-parquet.js')
    const { openOutputFolder } = await import('../store/output-folder.js')
    const { evaluateConfig } = await import('./evaluate-config.js')
    const name = runName({ suite: 'demo', policy: 'tesseract' })
    const data = join(output, `${name}.parquet`)
    await openOutputFolder(output)
    console.error(`Drawing ${rows} pictures into ${data}`)
    await writeParquet({ path: data, rows: generateDemoSuite({ rows, seed }) })
    const config = await loadEvaluationConfig({
      path: null,
      overrides: {
        data,
        policy: { kind: 'tesseract' },
        scoring: 'strict',
        judge: 'none',
        agent: { maxPixels: VIEW_PIXELS },
        concurrency: 2,
        output,
        name,
      },
    })
    const { status } = await evaluateConfig({
      config,
      run: { path: join(output, name), mode: 'create' },
      resumeCommand: `codevision eval ${data} --judge none --profile strict --max-pixels ${VIEW_PIXELS} --name ${name} --output ${output} --resume`,
    })
    process.exitCode = status === 'complete' ? EXIT.complete : EXIT.failed
  },
}
