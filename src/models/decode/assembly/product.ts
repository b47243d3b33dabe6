import { multiplyAdd, ZERO } from './arithmetic'
import { PANEL_STEP } from './layout'

/** How products are put away: beside what is there, or in its place. */
// @ts-ignore: decorator
@inline
function put(to: usize, value: v128, adds: bool): void {
  v128.store(to, adds ? f32x4.add(v128.load(to), value) : value)
}

/**
 * out[rows, 8 panels] = x[rows, inner] · panels (+ bias), or that added to `out`. Strides are bytes from row to row. However many rows there are, each number is summed in the order of the
 * inputs: what a row is given does not depend on its neighbours, to the last bit. Where the rows are 3 more than a multiple of four, a fourth is computed
 * from what lies behind them and put behind theirs.
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
  if (rows === 1) {
    for (; at + 4 <= count; at += 4) {
      oneRowFourPanels(x, inner, panels, panelBytes, out, bias, adds)
      panels += panelBytes * 4
      out += 128
      if (bias) bias += 128
    }
  } else if (rows === 2) {
    for (; at + 2 <= count; at += 2) {
      twoRowsTwoPanels(x, xStride, inner, panels, panelBytes, out, outStride, bias, adds)
      panels += panelBytes * 2
      out += 64
      if (bias) bias += 64
    }
  }
  for (; at < count; at++) {
    let row = 0
    let from = x
    let to = out
    for (; row + 2 < rows; row += 4) {
      fourRows(from, xStride, inner, panels, to, outStride, bias, adds)
      from += xStride * 4
      to += outStride * 4
    }
    if (row + 2 === rows) twoRows(from, xStride, inner, panels, to, outStride, bias, adds)
    else if (row + 1 === rows) oneRow(from, inner, panels, to, bias, adds)
    panels += panelBytes
    out += 32
    if (bias) bias += 32
  }
}

function fourRows(
  x0: usize,
  stride: usize,
  inner: i32,
  panel: usize,
  out: usize,
  outStride: usize,
  bias: usize,
  adds: bool,
): void {
  let a0 = bias ? v128.load(bias) : ZERO
  let a1 = bias ? v128.load(bias, 16) : ZERO
  let b0 = a0
  let b1 = a1
  let c0 = a0
  let c1 = a1
  let d0 = a0
  let d1 = a1
  let x1 = x0 + stride
  let x2 = x1 + stride
  let x3 = x2 + stride
  for (let k = 0; k < inner; k++) {
    const w0 = v128.load(panel)
    const w1 = v128.load(panel, 16)
    const a = v128.load32_splat(x0)
    a0 = multiplyAdd(a0, a, w0)
    a1 = multiplyAdd(a1, a, w1)
    const b = v128.load32_splat(x1)
    b0 = multiplyAdd(b0, b, w0)
    b1 = multiplyAdd(b1, b, w1)
    const c = v128.load32_splat(x2)
    c0 = multiplyAdd(c0, c, w0)
    c1 = multiplyAdd(c1, c, w1)
    const d = v128.load32_splat(x3)
    d0 = multiplyAdd(d0, d, w0)
    d1 = multiplyAdd(d1, d, w1)
    panel += PANEL_STEP
    x0 += 4
    x1 += 4
    x2 += 4
    x3 += 4
  }
  put(out, a0, adds)
  put(out + 16, a1, adds)
  out += outStride
  put(out, b0, adds)
  put(out + 16, b1, adds)
  out += outStride
  put(out, c0, adds)
  put(out + 16, c1, adds)
  out += outStride
  put(out, d0, adds)
  put(out + 16, d1, adds)
}

function twoRows(
  x0: usize,
  stride: usize,
  inner: i32,
  panel: usize,
  out: usize,
  outStride: usize,
  bias: usize,
  adds: bool,
): void {
  let a0 = bias ? v128.load(bias) : ZERO
  let a1 = bias ? v128.load(bias, 16) : ZERO
  let b0 = a0
  let b1 = a1
  let x1 = x0 + stride
  for (let k = 0; k < inner; k++) {
    const w0 = v128.load(panel)
    const w1 = v128.load(panel, 16)
    const a = v128.load32_splat(x0)
    a0 = multiplyAdd(a0, a, w0)
    a1 = multiplyAdd(a1, a, w1)
    const b = v128.load32_splat(x1)
    b0 = multiplyAdd(b0, b, w0)
    b1 = multiplyAdd(b1, b, w1)
    panel += PANEL_STEP
    x0 += 4
    x1 += 4
  }
  put(out, a0, adds)
  put(out + 16, a1, adds)
  put(out + outStride, b0, adds)
  put(out + outStride + 16, b1, adds)
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

function oneRowFourPanels(
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
  let a4 = bias ? v128.load(bias, 64) : ZERO
  let a5 = bias ? v128.load(bias, 80) : ZERO
  let a6 = bias ? v128.load(bias, 96) : ZERO
  let a7 = bias ? v128.load(bias, 112) : ZERO
  let panel1 = panel0 + panelBytes
  let panel2 = panel1 + panelBytes
  let panel3 = panel2 + panelBytes
  for (let k = 0; k < inner; k++) {
    const a = v128.load32_splat(x)
    a0 = multiplyAdd(a0, a, v128.load(panel0))
    a1 = multiplyAdd(a1, a, v128.load(panel0, 16))
    a2 = multiplyAdd(a2, a, v128.load(panel1))
    a3 = multiplyAdd(a3, a, v128.load(panel1, 16))
    a4 = multiplyAdd(a4, a, v128.load(panel2))
    a5 = multiplyAdd(a5, a, v128.load(panel2, 16))
    a6 = multiplyAdd(a6, a, v128.load(panel3))
    a7 = multiplyAdd(a7, a, v128.load(panel3, 16))
    panel0 += PANEL_STEP
    panel1 += PANEL_STEP
    panel2 += PANEL_STEP
    panel3 += PANEL_STEP
    x += 4
  }
  put(out, a0, adds)
  put(out + 16, a1, adds)
  put(out + 32, a2, adds)
  put(out + 48, a3, adds)
  put(out + 64, a4, adds)
  put(out + 80, a5, adds)
  put(out + 96, a6, adds)
  put(out + 112, a7, adds)
}
