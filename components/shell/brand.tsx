import { join } from '#components/ui/join.ts'

export const Brand = ({ className }: { className?: string }) => (
  <span className={join('flex items-center gap-2.5 text-md font-[650] tracking-tight', className)}>
    <svg viewBox="0 0 32 32" className="size-6 shrink-0" aria-hidden="true">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        d="M20.5 11.2c-.9-1.3-2.5-2-4.4-2-2.7 0-4.6 1.4-4.6 3.4 0 4.7 9.4 2.3 9.4 7 0 2.1-2 3.6-4.8 3.6-2.1 0-3.9-.9-4.8-2.4"
        className="stroke-accent-ink"
        fill="none"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
    Sophiie Calendar
  </span>
)
