import type { Metadata, Viewport } from 'next'
import type { ReactNode } from 'react'
import './globals.css'

// Every page depends on the request: it contains its nonce and reads its session.
export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'Sophiie Calendar', template: '%s · Sophiie Calendar' },
  description: 'Appointments for small businesses, synchronized with Google Calendar.',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f7f5' },
    { media: '(prefers-color-scheme: dark)', color: '#101113' },
  ],
}

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
