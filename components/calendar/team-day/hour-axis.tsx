const hours = Array.from({ length: 23 }, (_, hour) => hour + 1)

/** The hours beside the columns. They stay in place while columns are swiped. */
export const HourAxis = ({ headerHeight }: { headerHeight: number }) => (
  <div className="team-axis sticky left-0 z-30 flex-none border-r border-line bg-surface">
    <div
      data-corner
      className="sticky top-0 z-10 flex items-end border-b border-line bg-surface px-1.5 pb-1 text-2xs text-ink-3"
      style={{ height: headerHeight }}
    />
    <div className="team-hours relative" aria-hidden="true">
      {hours.map((hour) => (
        <span
          key={hour}
          className="absolute right-2 -mt-2 text-2xs whitespace-nowrap text-ink-3 tabular-nums"
          style={{ top: `${(hour / 24) * 100}%` }}
        >
          {`${hour % 12 || 12} ${hour < 12 ? 'am' : 'pm'}`}
        </span>
      ))}
    </div>
  </div>
)
