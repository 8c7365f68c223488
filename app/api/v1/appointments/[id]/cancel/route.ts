import { cancelOne } from '#lib/receptionist/http/operations/appointments.ts'
import { resource } from '#lib/receptionist/http/resource.ts'

export const maxDuration = 60

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = resource(cancelOne)
