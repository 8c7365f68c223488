'use client'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '#components/ui/button.tsx'

export const ChangeCalendar = () => {
  const router = useRouter()
  const [pending, start] = useTransition()
  return (
    <Button pending={pending} onClick={() => start(() => router.push('/settings/calendar?change=1#choose'))}>
      Change calendar
    </Button>
  )
}
