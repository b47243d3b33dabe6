import type { Form } from './python-code.js'

/** One way of writing an operation that leaves the size to the operation itself. */
export interface OperationForm {
  takes: Form
  gives: Form
  write(expression: string): string
  /** What is worth saying about this way of writing it; a clause that can follow "since" or stand alone. */
  note?: string
}

/** A method or a function of PIL. */
export function pil(write: (expression: string) => string, note?: string): OperationForm {
  return { takes: 'pil', gives: 'pil', write, ...(note !== undefined && { note }) }
}

/** Something with an array. */
export function array(write: (expression: string) => string, note?: string): OperationForm {
  return { takes: 'array', gives: 'array', write, ...(note !== undefined && { note }) }
}
