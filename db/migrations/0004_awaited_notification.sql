ALTER TABLE "sync_requests" ADD COLUMN "push_from" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "sync_requests" ADD COLUMN "push_to" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
ALTER TABLE "sync_requests" ADD COLUMN "notification_awaited_since" timestamptz;