'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { CalendarRefused, calendarKeys, type DateRange } from '#lib/appointments/cache.ts'
import type { CalendarRange } from '#lib/appointments/schema.ts'

/** The rows of the first view, read by the server with the page. */
export type InitialRange = { range: DateRange; rows: CalendarRange }

const makeClient = (initial: InitialRange | null) => {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // Fallback for when the event stream is down.
        refetchInterval: 60_000,
        retry: (count, error) => !(error instanceof CalendarRefused) && count < 3,
      },
    },
  })
  if (initial) client.setQueryData(calendarKeys.range(initial.range), initial.rows)
  return client
}

type QueryProviderProps = { initial: InitialRange | null; children: ReactNode }

export const QueryProvider = ({ initial, children }: QueryProviderProps) => {
  const [client] = useState(() => makeClient(initial))
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
