// npm marks a package's bin executable when it installs it; a build in the checkout has to do so itself.
import { chmodSync } from 'node:fs'

chmodSync(new URL('../dist/cli/main.js', import.meta.url), 0o755)
