import { openCheckpoint } from './open-checkpoint.js'

/** Parameters of a checkpoint, by the shapes in the headers of its files. @throws UsageError when it is none. */
export async function countParameters(directory: string): Promise<number> {
  const { parameters, close } = await openCheckpoint(directory)
  await close()
  return [...parameters.values()].reduce(
    (sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1),
    0,
  )
}
