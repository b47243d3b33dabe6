import { createRequire } from 'node:module'

/**
 * What Leptonica, the image library below Tesseract, says of regions of a page where nothing is to be found (`Error in boxClipToRectangle: box outside
 * rectangle`). It goes straight to stderr, is no failure, and cannot be switched off. What it says of files that it cannot read stays.
 */
export const HARMLESS_LINE = /^(Error|Warning|Info) in (?!pixRead)(pix|box|numa|pta)\w*: /

/**
 * Script of an OCR worker: the library's own, without harmless lines on stderr. A module as a URL, since the library takes no other way in and starts its
 * threads itself.
 */
export function ocrWorkerScript(): URL {
  const original = createRequire(import.meta.url).resolve('tesseract.js/src/worker-script/node/index.js')
  const source = [
    "import { createRequire } from 'node:module'",
    'const write = console.error',
    `console.error = (...parts) => { if (!${HARMLESS_LINE.toString()}.test(String(parts[0]))) write(...parts) }`,
    `createRequire(${JSON.stringify(import.meta.url)})(${JSON.stringify(original)})`,
  ].join('\n')
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`)
}
