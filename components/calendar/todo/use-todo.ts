import { useQuery } from '@tanstack/react-query'
import { calendarKeys, fetchTodo } from '#lib/appointments/cache.ts'
import type { Todo } from '#lib/appointments/todo/schema.ts'

/** What waits for a person, refetched after live changes; at first as the page brought it. */
export const useTodo = (initial: Todo): Todo =>
  useQuery({ queryKey: calendarKeys.todo, queryFn: ({ signal }) => fetchTodo(signal), initialData: initial }).data
