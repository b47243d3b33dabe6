import { expect, test } from '@jest/globals'
import { prepareTensorflow } from './tensorflow-environment.js'

test('what the user chose for the TensorFlow library stays; the rest is set', () => {
  const environment = { TF_CPP_MIN_LOG_LEVEL: '2' }
  prepareTensorflow(environment)
  expect(environment).toEqual({ TF_CPP_MIN_LOG_LEVEL: '2' })
  const empty = {}
  prepareTensorflow(empty)
  expect(empty).toEqual({ TF_CPP_MIN_LOG_LEVEL: '1' })
})
