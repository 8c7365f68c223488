import { ButtonLink } from '#components/ui/button.tsx'

export default function NotFound() {
  return (
    <main className="mx-auto max-w-md px-4 py-16">
      <h1 className="text-xl font-[650] tracking-tight">There is nothing here</h1>
      <p className="mt-1 mb-5 text-ink-2">The address is not one of ours, or what it showed is gone.</p>
      <ButtonLink href="/calendar">Go to the calendar</ButtonLink>
    </main>
  )
}
