/**
 * Left, top, right, bottom of the region that the code cuts out of the image it was given, where it says so in numbers or in parts of the
 * size, and the result has the proportions of that region; else null.
 */
export function cropBoxOf({ code, before, after }) {
  const term = String.raw`((?:int\()?(?:[\w.]+ ?\* ?)?[\d.]+\)?)`
  const terms = new RegExp(String.raw`\bimage\.crop\(\(${[term, term, term, term].join(', ?')}\)\)`).exec(
    code,
  )
  if (terms === null || /^\s*image\s*=/m.test(code)) return null
  const size = [before.width, before.height]
  const crop = terms.slice(1).map((one, side) => {
    const number = Number(/[\d.]+(?=\)?$)/.exec(one)?.[0])
    return one.includes('*') ? number * size[side % 2] : number
  })
  const [left, top, right, bottom] = crop
  const proportion = (right - left) / (bottom - top) / (after.width / after.height)
  return Math.abs(Math.log(proportion)) < 0.05 ? crop : null
}
