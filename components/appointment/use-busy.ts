'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { calendarKeys, fetchBusy } from '#lib/appointments/cache.ts'
import type { Clash } from '#lib/availability/clash.ts'
import { clashesOf } from '#lib/availability/overlap.ts'
import { type Draft, fieldsOfDraft } from './draft.ts'
import { useDebounced } from './use-debounced.ts'

/** What each member would clash with at the time that is typed; null while that is not known. */
export const useBusy = (draft: Draft, zone: string, exceptId: string) => {
  const { start, end } = fieldsOfDraft(draft, zone).fields
  const possible = start !== '' && start < end
  const asked = useDebounced(`${start}/${end}`)
  const [from = '', to = ''] = asked.split('/')
  const { data } = useQuery({
    queryKey: calendarKeys.busy({ from, to, except: exceptId }),
    queryFn: ({ signal }) => fetchBusy({ from, to, except: exceptId }, signal),
    enabled: from !== '' && from < to,
    placeholderData: keepPreviousData,
  })
  return useMemo(() => {
    if (!data || !possible) return null
    const wanted = { id: exceptId, start, end }
    return (memberId: string): Clash[] => clashesOf({ ...wanted, assigneeIds: [memberId] }, data)
  }, [data, possible, start, end, exceptId])
}
