import { describe, expect, test } from '@jest/globals'
import { examine } from './doctor.js'
import { withEnvironment } from '../config/testing/with-environment.js'

describe('examine', () => {
  test('names each part once, with a fix for each that is missing', async () => {
    const { findings } = await examine()
    const names = findings.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      expect.arrayContaining([
        'node',
        'platform',
        'python',
        'bubblewrap',
        'docker',
        'podman',
        'gpu',
        'engine',
        'torch',
      ]),
    )
    for (const finding of findings) if (finding.status === 'missing') expect(finding.fix).not.toBe('')
  })

  test('no runtime counts on a machine where nothing was set up', () =>
    withEnvironment(
      (folder) => ({ PATH: folder, CODEVISION_CACHE: folder }),
      async () => {
        const { findings, runtimes } = await examine()
        expect(runtimes).toEqual([])
        const python = findings.find(({ name }) => name === 'python')
        expect(python).toMatchObject({ status: 'missing', fix: expect.stringContaining('codevision setup') })
        const torch = findings.find(({ name }) => name === 'torch')
        expect(torch).toMatchObject({ status: 'missing', fix: 'codevision setup python --torch' })
      },
    ))

  test('bubblewrap alone does not count without its Python environment', () =>
    withEnvironment(
      (folder) => ({ CODEVISION_CACHE: folder }),
      async () => {
        const { runtimes } = await examine()
        expect(runtimes).not.toContain('bubblewrap')
      },
    ))
})
