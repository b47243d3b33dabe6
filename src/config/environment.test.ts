import { describe, expect, test } from '@jest/globals'
import { hub, judgeServer, policyServer, secrets, serverVariables } from './environment.js'

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

  test('the addresses of servers and the judge can be told, unless they carry a key', () => {
    const open = { OPENAI_BASE_URL: 'http://a/v1?api-version=7', JUDGE_BASE_URL: ' ', JUDGE_MODEL: 'wise' }
    expect(serverVariables({ ...open, OPENAI_API_KEY: 'sk-1' })).toEqual([
      ['OPENAI_BASE_URL', 'http://a/v1?api-version=7'],
      ['JUDGE_MODEL', 'wise'],
    ])
    for (const address of ['http://me:pass@a/v1', 'http://a/v1?api_key=x', 'http://a/sk-1/v1'])
      expect(serverVariables({ OPENAI_BASE_URL: address, OPENAI_API_KEY: 'sk-1' })).toEqual([])
  })

  test('secrets are the keys and tokens that are set', () => {
    expect(secrets({ OPENAI_API_KEY: 'a', HF_TOKEN: 'b', JUDGE_MODEL: 'c' })).toEqual(['a', 'b'])
  })
})
