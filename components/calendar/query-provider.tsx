'use client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { CalendarRefused } from '#lib/appointments/cache.ts'

const makeClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // The event stream tells of changes; this is for when it cannot.
        refetchInterval: 60_000,
        retry: (count, error) => !(error instanceof CalendarRefused) && count < 3,
      },
    },
  })

export const QueryProvider = ({ children }: { children: ReactNode }) => {
  const [client] = useState(makeClient)
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}
