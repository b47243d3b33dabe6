import { multiplyAdd, ZERO } from './arithmetic'
import { PANEL_STEP } from './layout'

/** How products are put away: beside what is there, or in its place. */
@inline
function put(to: usize, value: v128, adds: bool): void {
  v128.store(to, adds ? f32x4.add(v128.load(to), value) : value)
}

/**
 * out[rows, 8 panels] = x[rows, inner] · panels (+ bias), or that added to `out`. Strides are bytes from row to row. However many rows there are, each number is summed in the order of the
 * inputs: what a row is given does not depend on its neighbours, to the last bit. Two rows by two panels keep the most sums in registers that a compiler of WebAssembly does not spill; a pair of
 * panels stays in the nearest cache while all rows pass by.
 */
export function product(
  x: usize,
  xStride: usize,
  rows: i32,
  inner: i32,
  panels: usize,
  panelBytes: usize,
  count: i32,
  out: usize,
  outStride: usize,
  bias: usize,
  adds: bool,
): void {
  let at = 0
  for (; at + 2 <= count; at += 2) {
    let row = 0
    let from = x
    let to = out
    for (; row + 2 <= rows; row += 2) {
      twoRowsTwoPanels(from, xStride, inner, panels, panelBytes, to, outStride, bias, adds)
      from += xStride * 2
      to += outStride * 2
    }
    if (row < rows) oneRowTwoPanels(from, inner, panels, panelBytes, to, bias, adds)
    panels += panelBytes * 2
    out += 64
    if (bias) bias += 64
  }
  if (at < count) {
    for (let row = 0; row < rows; row++) {
      oneRow(x, inner, panels, out, bias, adds)
      x += xStride
      out += outStride
    }
  }
}

function oneRowTwoPanels(
  x: usize,
  inner: i32,
  panel0: usize,
  panelBytes: usize,
  out: usize,
  bias: usize,
  adds: bool,
): void {
  let a0 = bias ? v128.load(bias) : ZERO
  let a1 = bias ? v128.load(bias, 16) : ZERO
  let a2 = bias ? v128.load(bias, 32) : ZERO
  let a3 = bias ? v128.load(bias, 48) : ZERO
  let panel1 = panel0 + panelBytes
  for (let k = 0; k < inner; k++) {
    const a = v128.load32_splat(x)
    a0 = multiplyAdd(a0, a, v128.load(panel0))
    a1 = multiplyAdd(a1, a, v128.load(panel0, 16))
    a2 = multiplyAdd(a2, a, v128.load(panel1))
    a3 = multiplyAdd(a3, a, v128.load(panel1, 16))
    panel0 += PANEL_STEP
    panel1 += PANEL_STEP
    x += 4
  }
  put(out, a0, adds)
  put(out + 16, a1, adds)
  put(out + 32, a2, adds)
  put(out + 48, a3, adds)
}

function twoRowsTwoPanels(
  x0: usize,
  stride: usize,
  inner: i32,
  panel0: usize,
  panelBytes: usize,
  out: usize,
  outStride: usize,
  bias: usize,
  adds: bool,
): void {
  let a0 = bias ? v128.load(bias) : ZERO
  let a1 = bias ? v128.load(bias, 16) : ZERO
  let a2 = bias ? v128.load(bias, 32) : ZERO
  let a3 = bias ? v128.load(bias, 48) : ZERO
  let b0 = a0
  let b1 = a1
  let b2 = a2
  let b3 = a3
  let panel1 = panel0 + panelBytes
  let x1 = x0 + stride
  for (let k = 0; k < inner; k++) {
    const a = v128.load32_splat(x0)
    const b = v128.load32_splat(x1)
    const w0 = v128.load(panel0)
    a0 = multiplyAdd(a0, a, w0)
    b0 = multiplyAdd(b0, b, w0)
    const w1 = v128.load(panel0, 16)
    a1 = multiplyAdd(a1, a, w1)
    b1 = multiplyAdd(b1, b, w1)
    const w2 = v128.load(panel1)
    a2 = multiplyAdd(a2, a, w2)
    b2 = multiplyAdd(b2, b, w2)
    const w3 = v128.load(panel1, 16)
    a3 = multiplyAdd(a3, a, w3)
    b3 = multiplyAdd(b3, b, w3)
    panel0 += PANEL_STEP
    panel1 += PANEL_STEP
    x0 += 4
    x1 += 4
  }
  put(out, a0, adds)
  put(out + 16, a1, adds)
  put(out + 32, a2, adds)
  put(out + 48, a3, adds)
  out += outStride
  put(out, b0, adds)
  put(out + 16, b1, adds)
  put(out + 32, b2, adds)
  put(out + 48, b3, adds)
}

function oneRow(x: usize, inner: i32, panel: usize, out: usize, bias: usize, adds: bool): void {
  let a0 = bias ? v128.load(bias) : ZERO
  let a1 = bias ? v128.load(bias, 16) : ZERO
  for (let k = 0; k < inner; k++) {
    const a = v128.load32_splat(x)
    a0 = multiplyAdd(a0, a, v128.load(panel))
    a1 = multiplyAdd(a1, a, v128.load(panel, 16))
    panel += PANEL_STEP
    x += 4
  }
  put(out, a0, adds)
  put(out + 16, a1, adds)
}
