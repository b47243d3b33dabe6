import { describe, expect, test } from '@jest/globals'
import { hub, judgeServer, policyServer, secrets } from './environment.js'

describe('environment', () => {
  test('an empty variable counts as not set', () => {
    expect(policyServer({ OPENAI_BASE_URL: ' ', OPENAI_API_KEY: '' })).toEqual({
      baseUrl: null,
      apiKey: null,
    })
  })

  test('the judge never borrows the server of the model under evaluation', () => {
    expect(judgeServer({ OPENAI_BASE_URL: 'http://model', OPENAI_API_KEY: 'k' })).toEqual({
      baseUrl: null,
      apiKey: null,
      model: null,
    })
  })

  test('another hub can be named', () => {
    expect(hub({ HF_ENDPOINT: 'http://mirror/', HF_TOKEN: 't' })).toEqual({
      endpoint: 'http://mirror',
      token: 't',
    })
  })

  test('secrets are the keys and tokens that are set', () => {
    expect(secrets({ OPENAI_API_KEY: 'a', HF_TOKEN: 'b', JUDGE_MODEL: 'c' })).toEqual(['a', 'b'])
  })
})
