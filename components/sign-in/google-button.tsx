'use client'
import { useFormStatus } from 'react-dom'
import { buttonClass } from '#components/ui/button-class.ts'
import { Spinner } from '#components/ui/spinner.tsx'
import { GoogleMark } from './google-mark.tsx'

/** Submits the form around it; works before scripts load. */
export const GoogleButton = () => {
  const { pending } = useFormStatus()
  return (
    <button type="submit" className={buttonClass('plain', 'wide')}>
      {pending ? <Spinner className="size-[18px]" /> : <GoogleMark />}
      Continue with Google
    </button>
  )
}
