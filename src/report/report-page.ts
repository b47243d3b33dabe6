import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { StoreError } from '../core/errors.js'
import { chunkBlock } from './chunk-text.js'
import type { PageBoot } from './report-data.js'

/** What a page is made of: everything before the data blocks that it may hold, and everything behind them. */
export interface ReportPage {
  head: string
  tail: string
}

/** A frame with a crop in it; without an icon of its own, a browser would ask the server for one. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect x='1' y='1' width='14' height='14' rx='3' fill='%232450c8'/%3E%3Cpath d='M5 11V5h6' fill='none' stroke='white' stroke-width='2'/%3E%3C/svg%3E"

/** The built code of the page; beside this file once it is built, and there too for tests of the source. */
const BUILT = new URL('../../dist/report/', import.meta.url)

/**
 * The page that shows runs. All of its code stands in it; its policy lets it load scripts and images beside it, and nothing from anywhere else.
 * @throws StoreError when the package was not built.
 */
export async function reportPage({ title, boot }: { title: string; boot: PageBoot }): Promise<ReportPage> {
  const [script, style] = await Promise.all([readBuilt('viewer.js'), readBuilt('viewer.css')])
  const policy = [
    "default-src 'none'",
    `script-src 'self' file: ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "img-src 'self' file: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return {
    head: [
      '<!doctype html>',
      '<html lang="en">',
      '<head>',
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="referrer" content="no-referrer">',
      '<meta name="color-scheme" content="light dark">',
      `<link rel="icon" href="${ICON}">`,
      `<title>${escapeHtml(title)}</title>`,
      `<style>${style}</style>`,
      '</head>',
      '<body>',
      '<div id="app"><noscript>This report is drawn by a script in the page; allow scripts to read it.</noscript></div>',
      `<script type="application/json" id="boot">${chunkBlock(JSON.stringify(boot))}</script>`,
      '',
    ].join('\n'),
    tail: `<script>${script}</script>\n</body>\n</html>\n`,
  }
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => names[character] ?? '')
}

async function readBuilt(name: string): Promise<string> {
  const file = new URL(name, BUILT)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new StoreError(
      `${file.pathname}: expected the built page of reports; run npm run build, or install the package anew`,
      {
        cause,
      },
    )
  }
}
