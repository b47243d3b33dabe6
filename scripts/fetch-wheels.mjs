// Fills build/ with what `docker build --target sandbox .` copies, so that the build itself needs no network.
// node scripts/fetch-wheels.mjs [x64|arm64]   (default: this machine's)
import { fileURLToPath } from 'node:url'
import { prepareBuildContext } from '../dist/setup/docker-image.js'

const context = fileURLToPath(new URL('..', import.meta.url))
const architecture = process.argv[2] ?? process.arch
if (architecture !== 'x64' && architecture !== 'arm64') {
  console.error(
    `The wheels are for x64 and arm64; got ${architecture}. Name one: node scripts/fetch-wheels.mjs arm64`,
  )
  process.exit(2)
}
await prepareBuildContext({ context, architecture, onProgress: (message) => console.log(message) })
console.log('build/ is ready: docker build --target sandbox .')
