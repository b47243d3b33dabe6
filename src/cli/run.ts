import type { CommandModule } from 'yargs'
import { policyOverrides, withPolicyOptions, type PolicyArguments } from './policy-options.js'
import { EXIT } from './report-failure.js'

interface RunArguments extends PolicyArguments {
  image: string
  question: string
  also: string[] | undefined
  output: string
  'host-tools': string | undefined
  'describe-tools': boolean
}

export const runCommand: CommandModule<object, RunArguments> = {
  command: 'run <image> <question>',
  describe: 'Ask one question about an image; turns are shown as they happen',
  builder: (command) =>
    withPolicyOptions(
      command
        .positional('image', { type: 'string', demandOption: true, describe: 'Image file' })
        .positional('question', { type: 'string', demandOption: true, describe: 'The question' }),
    )
      .option('also', { type: 'string', array: true, describe: 'Further image files' })
      .option('host-tools', {
        type: 'string',
        describe: 'YAML file of the functions that the code may call (docs/host-tools.md)',
      })
      .option('describe-tools', {
        type: 'boolean',
        default: false,
        describe: 'Tell the model of them',
      })
      .option('output', { type: 'string', default: 'runs', describe: 'Folder that holds the runs' })
      .example('$0 run receipt.jpg "What is the total?"', 'The classical agent, no model needed')
      .example(
        '$0 run sign.jpg "Which way is the exit?" --model Qwen/Qwen2.5-VL-7B-Instruct --base-url http://localhost:8000/v1',
        'A served model',
      )
      .example(
        '$0 run sign.jpg "Which way is the exit?" --policy tfjs --model checkpoints/mine',
        'A checkpoint, computed here',
      ),
  handler: async (given) => {
    const { loadEvaluationConfig } = await import('../config/evaluation-config.js')
    const { ask } = await import('./ask.js')
    const { image, also = [], question, output } = given
    const config = await loadEvaluationConfig({
      path: null,
      overrides: { ...policyOverrides(given), suite: 'question', judge: 'none', output },
    })
    if (given['host-tools'] !== undefined) {
      const { readTools } = await import('../config/read-tools.js')
      config.sandbox.tools = await readTools(given['host-tools'])
    }
    config.agent.describeTools = given['describe-tools']
    const answer = await ask({ question, images: [image, ...also], config })
    process.exitCode = answer === null ? EXIT.failed : EXIT.complete
  },
}
