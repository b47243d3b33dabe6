/**
 * Point of Student's t distribution that is exceeded in absolute value with probability 5 % (two-sided 95 %), for `degrees` > 0 of freedom, which need
 * not be whole. Exact for 1 and 2, otherwise within 1e-3 for 3 and 1e-5 from 5 on.
 * Source: G. W. Hill, Algorithm 396, Communications of the ACM 13 (1970), 619–620.
 */
export function studentT({ degrees }: { degrees: number }): number {
  if (degrees === Infinity) return NORMAL
  if (degrees === 1) return 1 / Math.tan((TWO_SIDED * Math.PI) / 2)
  if (degrees === 2) return Math.sqrt(2 / (TWO_SIDED * (2 - TWO_SIDED)) - 2)
  const a = 1 / (degrees - 0.5)
  const b = 48 / (a * a)
  let c = (((20700 * a) / b - 98) * a - 16) * a + 96.36
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * degrees
  let x = d * TWO_SIDED
  let y = x ** (2 / degrees)
  if (y > 0.05 + a) {
    x = -NORMAL
    y = x * x
    if (degrees < 5) c += 0.3 * (degrees - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    y = Math.expm1(a * y * y)
  } else {
    y =
      ((1 / (((degrees + 6) / (degrees * y) - 0.089 * d - 0.822) * (degrees + 2) * 3) + 0.5 / (degrees + 4)) *
        y -
        1) *
        ((degrees + 1) / (degrees + 2)) +
      1 / y
  }
  return Math.sqrt(degrees * y)
}

const TWO_SIDED = 0.05
/** 97.5 % point of the normal distribution. */
const NORMAL = 1.959963984540054
