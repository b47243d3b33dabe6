import type { CommandModule } from 'yargs'
import { textOf } from './text-of.js'

interface SeedsArguments {
  training: string[]
  figure: string | undefined
  json: string | undefined
}

export const experimentMiniSeedsCommand: CommandModule<object, SeedsArguments> = {
  command: 'mini-seeds <training..>',
  describe: 'Trainings of the mini experiment with several seeds, side by side',
  builder: (command) =>
    command
      .positional('training', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of train-mini, or files of mini --json',
      })
      .option('figure', { ...textOf('--figure', 'a file'), describe: 'File to draw them into, as SVG' })
      .option('json', { ...textOf('--json', 'a file'), describe: 'File to write the figures to' })
      .example(
        '$0 experiment mini-seeds runs/mini-7 runs/mini-8 runs/mini-9',
        'Accuracy of each, their mean, and its interval over trainings',
      ),
  handler: async ({ training: paths, figure: figurePath, json: jsonPath }) => {
    const { openOutputFile } = await import('../store/output-file.js')
    const { readTrainedSeeds } = await import('../experiments/mini/seeds/trained-seed.js')
    const { acrossSeeds } = await import('../experiments/mini/seeds/across-seeds.js')
    const { seedsTable } = await import('../experiments/mini/seeds/seeds-table.js')
    const seeds = await readTrainedSeeds(paths)
    const open = (path: string | undefined, option: string) =>
      path === undefined ? null : openOutputFile({ path, option })
    const figure = await open(figurePath, '--figure')
    const json = await open(jsonPath, '--json')
    const figures = acrossSeeds(seeds)
    console.log(seedsTable(figures))
    await json?.write(`${JSON.stringify(figures, null, 2)}\n`)
    if (figure === null) return
    const { seedsFigure } = await import('../experiments/mini/seeds/seeds-figure.js')
    await figure.write(await seedsFigure(figures))
  },
}
