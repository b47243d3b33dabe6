const [WIDTH, HEIGHT, EDGE] = [240, 90, 4]

interface Point {
  step: number
  value: number
}

/** One figure of a training over its steps, with its last value and its range in words. */
export function CurvePlot({
  name,
  steps,
  values,
}: {
  name: string
  steps: readonly number[]
  values: readonly (number | null)[]
}) {
  const points = steps.flatMap((step, index): Point[] => {
    const value = values[index]
    return value === null || value === undefined ? [] : [{ step, value }]
  })
  const last = points.at(-1)
  if (last === undefined) return null
  const all = points.map(({ value }) => value)
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const range = low === high ? shortNumber(low) : `${shortNumber(low)} to ${shortNumber(high)}`
  const words = `${name}: ${shortNumber(last.value)} at step ${last.step}, ${range}`
  return (
    <figure class="curve">
      <figcaption>
        <span>{name}</span> <b>{shortNumber(last.value)}</b>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
        <title>{words}</title>
        <polyline points={polyline({ points, low, high })} />
        {points.length <= 40 &&
          points.map((point) => {
            const { x, y } = place({ point, points, low, high })
            return (
              <circle key={point.step} cx={x} cy={y} r="2">
                <title>{`step ${point.step}: ${shortNumber(point.value)}`}</title>
              </circle>
            )
          })}
      </svg>
      <span class="muted curve-range">{range}</span>
    </figure>
  )
}

function polyline(shape: { points: readonly Point[]; low: number; high: number }): string {
  return shape.points
    .map((point) => {
      const { x, y } = place({ point, ...shape })
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}

function place({
  point,
  points,
  low,
  high,
}: {
  point: Point
  points: readonly Point[]
  low: number
  high: number
}): { x: number; y: number } {
  const [first, last] = [points[0]?.step ?? 0, points.at(-1)?.step ?? 0]
  const across = last === first ? 0.5 : (point.step - first) / (last - first)
  const up = high === low ? 0.5 : (point.value - low) / (high - low)
  return { x: EDGE + across * (WIDTH - 2 * EDGE), y: HEIGHT - EDGE - up * (HEIGHT - 2 * EDGE) }
}

/** Three digits, whatever the size. */
function shortNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6
    ? value.toExponential(2)
    : String(Number(value.toPrecision(3)))
}
