// Bundles the report's browser code, which tsc leaves out: dist/report/viewer.js and viewer.css.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const licence = readFileSync(at('../node_modules/preact/LICENSE'), 'utf8').trim()

await build({
  entryPoints: { viewer: at('../src/report/viewer/main.tsx') },
  outdir: at('../dist/report'),
  bundle: true,
  minify: true,
  format: 'iife',
  // Pages are text in many encodings on their way to a reader; the code in them is plain ASCII.
  charset: 'ascii',
  target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  banner: { js: `/* Contains preact.\n${licence.replaceAll('*/', '* /')}\n*/` },
  logLevel: 'warning',
})
