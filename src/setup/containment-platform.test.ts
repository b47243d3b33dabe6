import { describe, expect, test } from '@jest/globals'
import { SandboxError } from '../core/errors.js'
import { requireNativePlatform, whyContainersOnly } from './containment-platform.js'

describe('whyContainersOnly', () => {
  test.each([
    [{ system: 'darwin', architecture: 'arm64', glibc: null }, /macOS.*Docker only/],
    [{ system: 'win32', architecture: 'x64', glibc: null }, /Windows.*Docker only/],
    [{ system: 'linux', architecture: 'arm64', glibc: '2.36' }, /arm64.*Docker or Podman only/],
    [{ system: 'linux', architecture: 'x64', glibc: null }, /GNU C library/],
    [{ system: 'linux', architecture: 'x64', glibc: '2.17' }, /glibc 2\.28, found 2\.17/],
    [{ system: 'freebsd', architecture: 'x64', glibc: null }, /freebsd/],
  ])('tells why on %j', (platform, reason) => {
    expect(whyContainersOnly(platform)).toMatch(reason)
    expect(() => requireNativePlatform(platform)).toThrow(SandboxError)
    expect(() => requireNativePlatform(platform)).toThrow(/codevision setup docker/)
  })

  test.each(['2.28', '2.36', '3.0'])('lets bubblewrap do on x86-64 with glibc %s', (glibc) => {
    const platform = { system: 'linux', architecture: 'x64', glibc }
    expect(whyContainersOnly(platform)).toBeNull()
    expect(() => requireNativePlatform(platform)).not.toThrow()
  })
})
