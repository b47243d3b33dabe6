import { resolve } from 'node:path'
import { execa } from 'execa'

const BASE = 'codevision-base:bookworm'

/** Build the images that compose.yaml names, without a network: on the base that scripts/with-docker.sh has made, where there is one. */
export async function buildComposeImages({ compose, root, log }) {
  const { exitCode } = await execa('docker', ['image', 'inspect', BASE], { reject: false })
  const bases = exitCode === 0 ? ['--build-arg', `BASE_IMAGE=${BASE}`] : []
  const builds = new Map(Object.values(compose.services).map(({ image, build }) => [image, build]))
  for (const [image, { context, target }] of builds) {
    log(`building ${image}`)
    await execa('docker', [
      'build',
      '--network',
      'none',
      ...bases,
      '--target',
      target,
      '--tag',
      image,
      resolve(root, context),
    ])
  }
}
