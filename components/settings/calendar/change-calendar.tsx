'use client'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { Whose } from '#lib/google/scopes.ts'

const pages: Record<Whose, string> = {
  business: '/settings/calendar?change=1#choose',
  member: '/settings/calendar?change=mine#choose-mine',
}

export const ChangeCalendar = ({ whose }: { whose: Whose }) => {
  const router = useRouter()
  const [pending, start] = useTransition()
  return (
    <Button pending={pending} onClick={() => start(() => router.push(pages[whose]))}>
      Change calendar
    </Button>
  )
}
