'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useDebounced } from '#components/ui/use-debounced.ts'
import { calendarKeys, fetchBusy } from '#lib/appointments/cache.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { clashesOf } from '#lib/availability/overlap.ts'
import { type Draft, toFields } from './draft.ts'

/** The clashes of a member at the entered time; null while they are unknown. */
export const useBusy = (draft: Draft, zone: string, exceptId: string) => {
  const { start, end } = toFields(draft, zone).fields
  const isValid = start !== '' && start < end
  const span = useDebounced(`${start}/${end}`)
  const [from = '', to = ''] = span.split('/')
  const { data } = useQuery({
    queryKey: calendarKeys.busy({ from, to, except: exceptId }),
    queryFn: ({ signal }) => fetchBusy({ from, to, except: exceptId }, signal),
    enabled: from !== '' && from < to,
    placeholderData: keepPreviousData,
  })
  return useMemo(() => {
    if (!data || !isValid) return null
    return (memberId: string): Clash[] => clashesOf({ id: exceptId, start, end, assigneeIds: [memberId] }, data)
  }, [data, isValid, start, end, exceptId])
}
