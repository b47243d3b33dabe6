import { expect, test } from '@jest/globals'
import { isPrivateAddress } from './private-addresses.js'

test.each([
  ...[
    '127.0.0.1',
    '127.8.9.10',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
  ],
  ...['0.0.0.0', '100.64.0.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '192.0.0.1'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '2002:7f00:1::'],
  ...['fe80::1', 'fd00::1', 'fc00::1', 'ff02::1', '2001:db8::1', '2001::1', '100::1', 'localhost', ''],
])('%s is no address of the public internet', (address) => {
  expect(isPrivateAddress(address)).toBe(true)
})

test.each([
  ...['8.8.8.8', '1.1.1.1', '172.15.0.1', '172.32.0.1', '11.0.0.1', '100.128.0.1', '223.255.255.255'],
  ...['2606:4700::1111', '2a00:1450:4001::200e', '2001:4860:4860::8888'],
])('%s is one', (address) => {
  expect(isPrivateAddress(address)).toBe(false)
})
