import { createHold } from '#lib/receptionist/http/operations/times.ts'
import { resource } from '#lib/receptionist/http/resource.ts'

export const maxDuration = 60

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = resource(createHold)
