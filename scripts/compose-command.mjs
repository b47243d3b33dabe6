import { execa } from 'execa'

/** The words that call compose here: the engine's plugin, else the program of its own; null where there is neither. */
export async function composeCommand() {
  for (const words of [['docker', 'compose'], ['docker-compose']]) {
    const [file, ...args] = words
    const { exitCode } = await execa(file, [...args, 'version'], { reject: false })
    if (exitCode === 0) return words
  }
  return null
}
