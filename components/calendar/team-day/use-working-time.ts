'use client'
import { useQuery } from '@tanstack/react-query'
import { calendarKeys, fetchWorkingTime } from '#lib/appointments/cache.ts'

/** Working hours and time off on a date; undefined until they are read. */
export const useWorkingTime = (date: string) => {
  const { data } = useQuery({
    queryKey: calendarKeys.workingTime(date),
    queryFn: ({ signal }) => fetchWorkingTime(date, signal),
  })
  return data
}
