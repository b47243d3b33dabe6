import type * as Plot from '@observablehq/plot'

/** A figure as an SVG file, without a browser. Marks are made with the package that is handed over. */
export async function svgFigure(options: (plot: typeof Plot) => Plot.PlotOptions): Promise<string> {
  const [plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')])
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const figure = plot.plot({
    document,
    style: { background: '#fff', color: '#202124', fontFamily: 'sans-serif', fontSize: '12px' },
    ...options(plot),
  })
  figure.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return `${figure.outerHTML}\n`
}
