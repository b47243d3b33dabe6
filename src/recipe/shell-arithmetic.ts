/**
 * The value of what stands in `$((…))`: whole numbers, `+ - * /` and brackets. Null where it is anything else.
 * @param parameters.valueOf of a variable that it names; null where there is none
 */
export function shellArithmetic({
  text,
  valueOf,
}: {
  text: string
  valueOf: (name: string) => number | null
}): number | null {
  const tokens = text.match(/\d+|[A-Za-z_]\w*|[-+*/()]|\S/g) ?? []
  let at = 0
  const factor = (): number | null => {
    const token = tokens[at++]
    if (token === undefined) return null
    if (token === '-') return combine(0, '-', factor())
    if (token === '(') {
      const inner = sum()
      return tokens[at++] === ')' ? inner : null
    }
    if (/^\d+$/.test(token)) return Number(token)
    return /^[A-Za-z_]/.test(token) ? valueOf(token) : null
  }
  const chain = (next: () => number | null, operators: string): number | null => {
    let value = next()
    for (
      let operator = tokens[at];
      operator !== undefined && operators.includes(operator);
      operator = tokens[at]
    ) {
      at++
      value = combine(value, operator, next())
    }
    return value
  }
  const product = (): number | null => chain(factor, '*/')
  const sum = (): number | null => chain(product, '+-')
  const value = sum()
  return at === tokens.length ? value : null
}

function combine(left: number | null, operator: string, right: number | null): number | null {
  if (left === null || right === null) return null
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    default:
      return right === 0 ? null : Math.trunc(left / right)
  }
}
