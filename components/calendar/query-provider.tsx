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
  if (known) client.setQueryData(calendarKeys.range(known.range), known.rows)
  return client
}

export const QueryProvider = ({ known, children }: { known: Known | null; children: ReactNode }) => {
  const [client] = useState(() => makeClient(known))
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
