import { z } from 'zod'
import { PythonError } from '../core/python/error.js'
import { parsePythonJson, type PythonJson, type PythonObject } from '../core/python/json.js'

const object = z.instanceof(Map).transform((map): PythonObject => map as PythonObject)

/** The `input` of a case as Python reads it: 5 and 5.0 differ, and the order of keys is kept. */
export function pythonInput(source: string): PythonObject {
  return object.parse(object.parse(parsePythonJson(source)).get('input'))
}

/** A field of an input; null where it is not there. */
export function field(input: PythonObject, name: string): PythonJson {
  return input.get(name) ?? null
}

/** What was found, or the class of what Python raises. */
export function valueOrError<Value>(compute: () => Value): Value | { error: string } {
  try {
    return compute()
  } catch (error) {
    if (error instanceof PythonError) return { error: error.className }
    throw error
  }
}
