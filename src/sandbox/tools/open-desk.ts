import { SandboxError, UsageError } from '../../core/errors.js'
import type { HostTools } from '../../core/host-tool.js'
import type { SandboxProfile } from '../../core/sandbox.js'
import type { HostSlot } from '../host-slot.js'
import { checkTools } from './check-tools.js'
import { ToolDesk } from './tool-desk.js'

/**
 * The desk for a sandbox's tools; undefined where there are none.
 * @throws UsageError for tools that cannot be used, or under a profile that knows none.
 */
export function deskOf({
  tools,
  profile,
  onWarning,
}: {
  tools: HostTools
  profile: SandboxProfile
  onWarning: (message: string) => void
}): ToolDesk | undefined {
  const checked = checkTools(tools)
  if (checked.length === 0) return undefined
  if (profile === 'standard') return new ToolDesk({ tools: checked, onWarning })
  throw new UsageError(
    `Profile ${profile} gives code what the released environment gives it, and that has no tools: expected no \`tools\`, got ${checked.map(({ name }) => name).join(', ')}. Use profile standard, or leave them out.`,
  )
}

/** Get the tools ready. @throws SandboxError where a host cannot carry them; what a tool met. */
export async function openDesk({
  desk,
  slots,
}: {
  desk: ToolDesk
  slots: readonly Pick<HostSlot, 'facts'>[]
}): Promise<void> {
  for (const slot of slots) {
    const { tools } = await slot.facts()
    if (!tools)
      throw new SandboxError(
        'The sandbox that runs there is of an older version, which carries no tools. Build its image anew and start it again (npx codevision setup docker; docs/host-tools.md), or leave `tools` out.',
      )
  }
  await desk.open()
}
