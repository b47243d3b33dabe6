import type { CodeAttack } from '../attack.js'
import { REACH } from './hostile-python.js'

/** What really listens on this machine while the attacks run; nobody may ever be heard there. */
export interface NetworkTargets {
  port: number
  /** Name of an abstract unix socket. */
  abstract: string
}

const SOCKET = `${REACH}socket = sys.modules["socket"]\n`

/** Ways to the network: each address is tried for real, so that the namespace is met where the filter is left out. */
export function networkAttacks({ port, abstract }: NetworkTargets): readonly CodeAttack[] {
  const connect = (address: string): string =>
    `${SOCKET}s = socket.socket()\ns.settimeout(0.5)\ns.connect(${address})`
  return [
    {
      name: 'socket to an address outside',
      by: 'code',
      code: connect('("192.0.2.1", 80)'),
      expect: ['EPERM'],
      alsoWithout: ['landlock'],
      isShort: true,
    },
    {
      name: 'socket to the metadata address',
      by: 'code',
      code: connect('("169.254.169.254", 80)'),
      expect: ['EPERM'],
      alsoWithout: ['landlock'],
    },
    {
      name: 'socket to a server on the loopback',
      by: 'code',
      code: connect(`("127.0.0.1", ${port})`),
      expect: ['EPERM'],
      alsoWithout: ['landlock'],
      isShort: true,
    },
    {
      name: 'abstract unix socket',
      by: 'code',
      code: `${SOCKET}s = socket.socket(socket.AF_UNIX)\ns.connect("\\0" + ${JSON.stringify(abstract)})`,
      expect: ['EPERM'],
      isShort: true,
    },
    {
      name: 'raw socket',
      by: 'code',
      code: `${SOCKET}socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)`,
      expect: ['EPERM'],
      behind: 'no capabilities',
    },
  ]
}
