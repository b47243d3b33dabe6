import { expect, test } from '@jest/globals'
import { originOf } from './origin-of.js'

test.each([
  'https://chat.example',
  'http://10.0.0.5:8080',
  'http://[fd00::1]:3000',
  'vscode-webview://1a2b3c',
  'chrome-extension://abcdefgh',
  'file://',
])('takes %s as it is sent', (origin) => {
  expect(originOf(origin)).toBe(origin)
})

test.each([
  ['https://chat.example/', 'Write https://chat.example.'],
  ['https://Chat.example:443/page?x=1', 'Write https://chat.example.'],
  ['https://user@chat.example', 'Write https://chat.example.'],
  ['vscode-webview://1a2b/index.html', 'Write vscode-webview://1a2b.'],
  ['chat.example', 'got "chat.example"'],
  ['localhost:3000', 'got "localhost:3000"'],
  ['*', 'got "*"'],
  ['', 'got ""'],
  ['null', 'Pages of anybody'],
])('refuses %s, which no page sends', (given, message) => {
  expect(() => originOf(given)).toThrow(message)
})
