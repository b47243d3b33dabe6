import { expect, test } from '@jest/globals'
import { torchProcessEnvironment } from './torch-environment.js'

test('the engine learns which GPU and how many threads, and no key', () => {
  const given = {
    PATH: '/bin',
    CUDA_VISIBLE_DEVICES: '1',
    OMP_NUM_THREADS: '2',
    OPENAI_API_KEY: 'secret',
    HF_TOKEN: 'secret',
  }
  expect(torchProcessEnvironment(given)).toEqual({
    PATH: '/bin',
    CUDA_VISIBLE_DEVICES: '1',
    OMP_NUM_THREADS: '2',
  })
})
