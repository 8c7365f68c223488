'use client'
import ErrorPage from './error.tsx'
import './globals.css'

/** For an error of the root layout, which it replaces. Next's own would be four times the code. */
export default function GlobalError(props: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <title>Sophiie Calendar</title>
      <body>
        <ErrorPage {...props} />
      </body>
    </html>
  )
}
