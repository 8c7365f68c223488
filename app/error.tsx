'use client'
import { Button, buttonClass } from '#components/ui/button.tsx'

// A plain link: the browser loads this code with every page, and a new document is a fresh start.
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto max-w-md px-4 py-16">
      <h1 className="text-xl font-[650] tracking-tight">This page could not be shown</h1>
      <p className="mt-1 mb-5 text-ink-2">An error occurred on our side. Your saved data is safe. Try again.</p>
      <div className="flex gap-2.5">
        <Button tone="primary" onClick={reset}>
          Try again
        </Button>
        <a href="/calendar" className={buttonClass()}>
          Go to the calendar
        </a>
      </div>
    </div>
  )
}
