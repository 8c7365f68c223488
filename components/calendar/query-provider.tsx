'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { CalendarRefused, calendarKeys, type DateRange } from '#lib/appointments/cache.ts'
import type { CalendarRange } from '#lib/appointments/schema.ts'

/** What was read with the page. */
export type Known = { range: DateRange; rows: CalendarRange }

const makeClient = (known: Known | null) => {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // The event stream tells of changes; this is for when it cannot.
        refetchInterval: 60_000,
        retry: (count, error) => !(error instanceof CalendarRefused) && count < 3,
      },
    },
  })
  // As old as can be: it is shown at once, and read again, for it may have changed before the event stream stands.
  if (known) client.setQueryData(calendarKeys.range(known.range), known.rows, { updatedAt: 0 })
  return client
}

export const QueryProvider = ({ known, children }: { known: Known | null; children: ReactNode }) => {
  const [client] = useState(() => makeClient(known))
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
