import { expect, test } from '@jest/globals'
import { prepareTensorflow } from './tensorflow-environment.js'

test('what the user chose for the TensorFlow library stays; the rest is set', () => {
  const environment = { TF_ENABLE_ONEDNN_OPTS: '1' }
  prepareTensorflow(environment)
  expect(environment).toEqual({ TF_ENABLE_ONEDNN_OPTS: '1', TF_CPP_MIN_LOG_LEVEL: '1' })
})
