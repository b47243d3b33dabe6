import { join } from 'node:path'
import type { CommandModule } from 'yargs'
import { chooseDemo, DEMO_POLICIES } from './choose-demo.js'
import { oneOf } from './one-of.js'
import { EXIT } from './report-failure.js'

interface DemoArguments {
  rows: number
  seed: string
  output: string
  policy: (typeof DEMO_POLICIES)[number] | undefined
  model: string | undefined
}

export const demoCommand: CommandModule<object, DemoArguments> = {
  command: 'demo',
  describe:
    'Draw pictures and let the model that was trained here, or the classical agent, solve them in the sandbox',
  builder: (command) =>
    command
      .option('rows', { type: 'number', default: 60, describe: 'Questions, the six orientations in turn' })
      .option('seed', { type: 'string', default: 'demo', describe: 'Other seed, other pictures and answers' })
      .option('policy', {
        ...oneOf('--policy', DEMO_POLICIES),
        describe:
          'tfjs: the trained model, over boards of cards; tesseract: the classical agent, over receipts and the like [default: tfjs where its checkpoint is there]',
      })
      .option('model', {
        type: 'string',
        describe: 'Another checkpoint of the mini experiment [default: the one that is shipped]',
      })
      .option('output', { type: 'string', default: 'runs', describe: 'Folder that holds the runs' })
      .example('$0 demo', '60 pictures, upright, turned and mirrored')
      .example('$0 demo --policy tesseract', 'Pictures with small print, no model needed')
      .example('$0 demo --rows 12 --seed mine', 'A shorter one on other pictures'),
  handler: async ({ policy, model, ...given }) => {
    const { packageDirectory } = await import('../setup/package-paths.js')
    const shipped = join(packageDirectory(), 'checkpoints', 'mini', 'rl')
    const choice = await chooseDemo({ policy, model, shipped })
    const status = await play({ choice, ...given })
    process.exitCode = status === 'complete' ? EXIT.complete : EXIT.failed
  },
}

async function play({
  choice,
  ...given
}: Pick<DemoArguments, 'rows' | 'seed' | 'output'> & {
  choice: Awaited<ReturnType<typeof chooseDemo>>
}): Promise<string> {
  switch (choice.kind) {
    case 'tfjs': {
      const { playBoards } = await import('./demo-boards.js')
      return playBoards({ ...given, model: choice.model })
    }
    case 'tesseract': {
      if (choice.notice !== null) console.error(choice.notice)
      const { playScenes } = await import('./demo-scenes.js')
      return playScenes(given)
    }
  }
}
