import { readdirSync } from 'node:fs'
import { findHosts, type FindHostsParameters } from './victims.js'

/** What a controller holds of the machine. */
export interface Footprint {
  hosts: number
  descriptors: number
  /** Exchange directories. */
  directories: number
  rssBytes: number
}

/** Measure it now; `rssBytes` moves by itself, the others must not. */
export async function footprint(parameters: Omit<FindHostsParameters, 'controller'>): Promise<Footprint> {
  const hosts = await findHosts({ ...parameters, controller: process.pid })
  return {
    hosts: hosts.length,
    descriptors: readdirSync('/proc/self/fd').length,
    directories: readdirSync('/dev/shm').filter((name) => name.includes(`-${process.pid}-`)).length,
    rssBytes: process.memoryUsage().rss,
  }
}
