'use client'
import { buttonClass } from '#components/ui/button-class.ts'

// Plain elements: the browser loads this code with every page. A new document is a fresh start.
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <div className="mx-auto max-w-md px-4 py-16">
      <h1 className="text-xl font-[650] tracking-tight">This page could not be shown</h1>
      <p className="mt-1 mb-5 text-ink-2">An error occurred on our side. Your saved data is safe. Try again.</p>
      <div className="flex gap-2.5">
        <button type="button" className={buttonClass('primary')} onClick={reset}>
          Try again
        </button>
        <a href="/calendar" className={buttonClass()}>
          Go to the calendar
        </a>
      </div>
    </div>
  )
}
