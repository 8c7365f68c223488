import { buttonClass } from '#components/ui/button-class.ts'

export default function NotFound() {
  return (
    <main className="mx-auto max-w-md px-4 py-16">
      <h1 className="text-xl font-[650] tracking-tight">Page not found</h1>
      <p className="mt-1 mb-5 text-ink-2">This address does not exist, or its content was deleted.</p>
      {/* Not `Link`, whose code every page would load for this one. */}
      <a href="/calendar" className={buttonClass()}>
        Go to the calendar
      </a>
    </main>
  )
}
