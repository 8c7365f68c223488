import { handleAuthGet, handleAuthPost } from '#lib/auth/next-auth.ts'

export const GET = handleAuthGet
export const POST = handleAuthPost
