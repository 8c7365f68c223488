/** Google's logo, in the colours that its guidelines require. */
export const GoogleMark = ({ className = 'size-[18px]' }: { className?: string }) => (
  <svg viewBox="0 0 48 48" className={`${className} shrink-0`} aria-hidden="true">
    <path
      fill="#4285F4"
      d="M45.1 24.5c0-1.6-.1-3.1-.4-4.5H24v8.5h11.8a10.1 10.1 0 0 1-4.4 6.600v5.500h7.100c4.2-3.8 6.6-9.5 6.6-16.100z"
    />
    <path
      fill="#34A853"
      d="M24 46c5.9 0 10.9-2 14.5-5.300l-7.1-5.500c-2 1.3-4.5 2.1-7.4 2.1-5.7 0-10.5-3.9-12.3-9.100H4.300v5.700A22 22 0 0 0 24 46z"
    />
    <path fill="#FBBC05" d="M11.7 28.200a13.2 13.2 0 0 1 0-8.400v-5.700H4.300a22 22 0 0 0 0 19.800l7.4-5.700z" />
    <path
      fill="#EA4335"
      d="M24 10.700c3.2 0 6.1 1.1 8.4 3.300l6.3-6.300C34.9 4.2 29.9 2 24 2A22 22 0 0 0 4.3 14.100l7.4 5.700c1.8-5.2 6.6-9.1 12.3-9.100z"
    />
  </svg>
)
