import { describe, expect, test } from '@jest/globals'
import { familyOf, installCommand } from './distribution.js'

describe('familyOf', () => {
  test.each([
    ['ID=debian\nVERSION_ID="12"\n', 'debian'],
    ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
    ['ID=manjaro\nID_LIKE=arch\n', 'arch'],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'suse'],
    ['ID=alpine\n', 'alpine'],
    ['ID=nixos\n', 'other'],
    ['', 'other'],
  ])('reads %j', (text, family) => expect(familyOf(text)).toBe(family))
})

describe('installCommand', () => {
  test('is what a user types, with sudo where he is not root', () => {
    expect(installCommand({ family: 'debian', program: 'bubblewrap', isRoot: true })).toBe(
      'apt-get install -y bubblewrap',
    )
    expect(installCommand({ family: 'fedora', program: 'bubblewrap', isRoot: false })).toBe(
      'sudo dnf install -y bubblewrap',
    )
    expect(installCommand({ family: 'arch', program: 'podman', isRoot: false })).toBe(
      'sudo pacman -S --needed podman',
    )
    expect(installCommand({ family: 'alpine', program: 'docker', isRoot: false })).toBe('sudo apk add docker')
  })

  test('is null where there is no such package: no Python 3.11 on Arch, nothing known of others', () => {
    expect(installCommand({ family: 'arch', program: 'python' })).toBeNull()
    expect(installCommand({ family: 'other', program: 'bubblewrap' })).toBeNull()
  })
})
