import { nothing } from '#lib/receptionist/http/resource.ts'

/** Addresses that do not exist are answered in the way of the others. */
export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = nothing()
