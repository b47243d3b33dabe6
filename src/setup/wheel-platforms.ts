/** Machines that can run the sandbox's Python, as Node names them. */
export type WheelArchitecture = 'x64' | 'arm64'

/**
 * The platform tags of wheels that run on each, newest C library first.
 * They are named one by one because pip, when asked for another machine, does not derive the older ones.
 */
export const WHEEL_PLATFORMS: Readonly<Record<WheelArchitecture, readonly string[]>> = {
  x64: ['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64', 'manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
  arm64: [
    'manylinux_2_28_aarch64',
    'manylinux_2_27_aarch64',
    'manylinux_2_17_aarch64',
    'manylinux2014_aarch64',
  ],
}

/** The options with which any pip downloads wheels for CPython 3.11 on Linux of the given machine. */
export function pipPlatformOptions(architecture: WheelArchitecture): string[] {
  return [
    ...['--only-binary', ':all:', '--implementation', 'cp', '--python-version', '3.11'],
    ...['cp311', 'abi3', 'none'].flatMap((abi) => ['--abi', abi]),
    ...WHEEL_PLATFORMS[architecture].flatMap((platform) => ['--platform', platform]),
  ]
}
