import { createHash } from 'node:crypto'
import { markup, type Html } from './markup.js'

/** A page without a script, whose one style sheet and images are all that it may load. */
export function staticPage({
  title,
  style,
  images,
  lead,
  heading,
  main,
}: {
  /** Of the window. */
  title: string
  style: string
  /** Within the page alone, or in files beside it too. */
  images: 'within' | 'beside'
  heading: string
  /** What stands below the heading. */
  lead: Html
  main: Html
}): string {
  const hash = createHash('sha256').update(style).digest('base64')
  const sources = images === 'within' ? 'data:' : "'self' file: data:"
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src ${sources}; base-uri 'none'; form-action 'none'`
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${{ text: policy }}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>${{ text: style }}</style>
      </head>
      <body>
        <header>
          <h1>${heading}</h1>
          <p class="lead">${lead}</p>
        </header>
        <main>${main}</main>
      </body>
    </html> `.text
}
