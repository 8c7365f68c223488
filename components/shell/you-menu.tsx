'use client'
import { useEffect } from 'react'
import { MenuButton } from '#components/ui/menu.tsx'
import { toasts } from '#components/ui/toast.tsx'
import { unreachable } from '#components/ui/unreachable.ts'
import { signOutEverywhere, switchBusiness } from '#lib/auth/actions.ts'

/** All tabs switch together, so that no booking lands in a business other than the one shown. */
const channelName = 'sophiie-business'

/** `others`: businesses to switch to. */
type YouMenuProps = { initials: string; others: { id: string; name: string }[] }

export const YouMenu = ({ initials, others }: YouMenuProps) => {
  useEffect(() => {
    const channel = new BroadcastChannel(channelName)
    channel.onmessage = () => window.location.assign('/calendar')
    return () => channel.close()
  }, [])
  const go = async (id: string) => {
    const switched = await switchBusiness(id).catch(() => null)
    if (!switched?.ok) return toasts.show({ message: switched?.message ?? unreachable, tone: 'bad' })
    const channel = new BroadcastChannel(channelName)
    channel.postMessage('switched')
    channel.close()
    window.location.assign('/calendar')
  }
  return (
    <MenuButton
      label={
        // Drawn by CSS, so that the initials are not part of the button's accessible name.
        <span
          data-initials={initials}
          className="grid size-8 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent before:content-[attr(data-initials)]"
        />
      }
      name="You and your businesses"
      tone="quiet"
      entries={[
        ...others.map(({ id, name }) => ({ id, label: `Switch to ${name}`, onPress: () => void go(id) })),
        { id: 'everywhere', label: 'Sign out everywhere', onPress: () => void signOutEverywhere() },
      ]}
    />
  )
}
