import { markup, type Html } from '../../../report/page/markup.js'

/** A figure as a picture inside the page: what styles it has cannot reach the page, nor the page's rules forbid them. */
export function picture({ svg, alt }: { svg: string; alt: string }): Html {
  const data = Buffer.from(svg, 'utf8').toString('base64')
  return markup`<img class="figure" src="data:image/svg+xml;base64,${data}" alt="${alt}" />`
}
