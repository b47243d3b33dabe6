import type { Row } from './run-grid.js'

const WIDTH = 860
const BAR = 15
const GAP = 14
const LEFT = 190
const RIGHT = 90
const TOP = 44
const COLORS: Readonly<Record<Row['peer'], string>> = {
  limit: '#9aa0a6',
  codevision: '#1a73e8',
  kernel: '#f29900',
  fresh: '#d93025',
  'per-call-container': '#a142f4',
}

/** Median time of one call with thinking between calls, one group of bars for each work and size, on a logarithmic scale, as SVG. */
export function chart(rows: readonly Row[], title: string): string {
  const alone = rows.filter(({ concurrency }) => concurrency === 1)
  const groups = [...new Set(alone.map(({ work, size }) => `${work} ${size}²`))]
  const largest = Math.max(10, ...alone.map(({ p50Ms }) => p50Ms))
  const smallest = Math.min(0.1, ...alone.map(({ p50Ms }) => p50Ms))
  const scale = (milliseconds: number): number =>
    ((Math.log10(milliseconds) - Math.log10(smallest)) / (Math.log10(largest) - Math.log10(smallest))) *
    (WIDTH - LEFT - RIGHT)
  const parts: string[] = []
  let y = TOP
  for (const group of groups) {
    const bars = alone.filter(({ work, size }) => `${work} ${size}²` === group)
    parts.push(text({ x: 10, y: y + (bars.length * BAR) / 2 + 4, content: group, weight: 600 }))
    for (const { peer, p50Ms } of bars) {
      const width = Math.max(1, scale(p50Ms))
      parts.push(
        text({ x: LEFT - 6, y: y + BAR - 4, content: peer, anchor: 'end' }),
        `<rect x="${LEFT}" y="${y + 1}" width="${width.toFixed(1)}" height="${BAR - 3}" fill="${COLORS[peer]}"/>`,
        text({ x: LEFT + width + 5, y: y + BAR - 4, content: `${p50Ms.toPrecision(3)} ms` }),
      )
      y += BAR
    }
    y += GAP
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="11">`,
    `<rect width="${WIDTH}" height="${y}" fill="#fff"/>`,
    text({ x: 10, y: 22, content: title, weight: 600 }),
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function text({
  x,
  y,
  content,
  anchor = 'start',
  weight = 400,
}: {
  x: number
  y: number
  content: string
  anchor?: 'start' | 'end'
  weight?: number
}): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-weight="${weight}" fill="#202124">${escaped}</text>`
}
