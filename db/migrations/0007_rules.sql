ALTER TABLE "businesses" ADD COLUMN "notice_minutes" integer DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "horizon_days" integer DEFAULT 90 NOT NULL;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "step_minutes" integer DEFAULT 15 NOT NULL;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "most_per_day" integer;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "same_day_cut_off" text;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "when_google_unknown" text DEFAULT 'refuse' NOT NULL;
--> statement-breakpoint
ALTER TABLE "businesses" ADD COLUMN "holiday_region" text;