CREATE TABLE "activity" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "activity_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"business_id" uuid NOT NULL,
	"at" timestamptz DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"member_id" uuid,
	"appointment_id" uuid,
	"what" text NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"before" jsonb,
	"after" jsonb,
	CONSTRAINT "activity_actor" CHECK ("activity"."actor" in ('member', 'google', 'sophiie'))
);
--> statement-breakpoint
CREATE TABLE "appointment_assignees" (
	"business_id" uuid NOT NULL,
	"appointment_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"during" "tstzrange" NOT NULL,
	"exclusive" boolean NOT NULL,
	CONSTRAINT "appointment_assignees_appointment_id_member_id_pk" PRIMARY KEY("appointment_id","member_id")
);
--> statement-breakpoint
CREATE TABLE "appointments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"title" text NOT NULL,
	"starts_at" timestamptz NOT NULL,
	"ends_at" timestamptz NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"notes" text DEFAULT '' NOT NULL,
	"customer_name" text DEFAULT '' NOT NULL,
	"customer_phone" text DEFAULT '' NOT NULL,
	"customer_email" text DEFAULT '' NOT NULL,
	"status" text DEFAULT 'booked' NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"overlap_allowed" text,
	"removed_in_google_at" timestamptz,
	"google_unchecked" boolean DEFAULT false NOT NULL,
	"created_by" uuid,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	"updated_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "appointments_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "appointments_order" CHECK ("appointments"."ends_at" > "appointments"."starts_at"),
	CONSTRAINT "appointments_status" CHECK ("appointments"."status" in ('booked', 'cancelled'))
);
--> statement-breakpoint
CREATE TABLE "businesses" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"opening_hours" jsonb NOT NULL,
	"default_minutes" integer DEFAULT 60 NOT NULL,
	"staff_see" text DEFAULT 'details' NOT NULL,
	"guests_on_google" boolean DEFAULT true NOT NULL,
	"guestless_blocks" text DEFAULT 'everyone' NOT NULL,
	"when_removed" text DEFAULT 'ask' NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "businesses_staff_see" CHECK ("businesses"."staff_see" in ('details', 'busy')),
	CONSTRAINT "businesses_guestless_blocks" CHECK ("businesses"."guestless_blocks" in ('everyone', 'linked-member')),
	CONSTRAINT "businesses_when_removed" CHECK ("businesses"."when_removed" in ('ask', 'cancel', 'put-back'))
);
--> statement-breakpoint
CREATE TABLE "copies" (
	"business_id" uuid NOT NULL,
	"appointment_id" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"calendar_id" text NOT NULL,
	"event_id" text NOT NULL,
	"id_epoch" integer DEFAULT 0 NOT NULL,
	"etag" text,
	"base" jsonb,
	"seen" jsonb,
	"html_link" text DEFAULT '' NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"revision_pushed" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz,
	"last_error_kind" text,
	"last_error_detail" text,
	"waiting_since" timestamptz,
	"rejected_revision" integer,
	"leaving" boolean DEFAULT false NOT NULL,
	"pushed_at" timestamptz,
	CONSTRAINT "copies_appointment_id_google_sub_calendar_id_pk" PRIMARY KEY("appointment_id","google_sub","calendar_id"),
	CONSTRAINT "copies_event" UNIQUE("google_sub","calendar_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "google_budget" (
	"google_sub" text NOT NULL,
	"minute" timestamptz NOT NULL,
	"spent" integer NOT NULL,
	CONSTRAINT "google_budget_google_sub_minute_pk" PRIMARY KEY("google_sub","minute")
);
--> statement-breakpoint
CREATE TABLE "google_connections" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"linked_by" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"google_email" text NOT NULL,
	"scopes" text[] NOT NULL,
	"refresh_token" text NOT NULL,
	"access_token" text,
	"access_token_expires_at" timestamptz,
	"epoch" integer DEFAULT 1 NOT NULL,
	"calendar_id" text,
	"calendar_name" text,
	"calendar_zone" text,
	"calendar_role" text,
	"selected_at" timestamptz,
	"sync_token" text,
	"sync_parameters" text,
	"page_cursor" text,
	"read_mode" text,
	"read_from" timestamptz,
	"generation" integer DEFAULT 0 NOT NULL,
	"imported_count" integer DEFAULT 0 NOT NULL,
	"imported_at" timestamptz,
	"skipped_count" integer DEFAULT 0 NOT NULL,
	"horizon_start" timestamptz,
	"horizon_end" timestamptz,
	"channel_id" uuid,
	"channel_resource_id" text,
	"channel_secret_hash" "bytea",
	"channel_expires_at" timestamptz,
	"channel_created_at" timestamptz,
	"channel_unsupported" boolean DEFAULT false NOT NULL,
	"last_success_at" timestamptz,
	"last_failure_at" timestamptz,
	"last_failure_kind" text,
	"last_failure_detail" text,
	"failing_since" timestamptz,
	"failures" integer DEFAULT 0 NOT NULL,
	"brake_released" boolean DEFAULT false NOT NULL,
	"retry_at" timestamptz,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "google_connections_of_business" UNIQUE("business_id","id")
);
--> statement-breakpoint
CREATE TABLE "google_events" (
	"business_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"event_id" text NOT NULL,
	"kind" text NOT NULL,
	"recurring_event_id" text,
	"original_start" text,
	"cancelled" boolean DEFAULT false NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"location" text DEFAULT '' NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"is_private" boolean DEFAULT false NOT NULL,
	"event_type" text DEFAULT 'default' NOT NULL,
	"blocks" boolean NOT NULL,
	"blocks_why" text NOT NULL,
	"guest_member_ids" uuid[] DEFAULT '{}'::uuid[] NOT NULL,
	"times" jsonb,
	"recurrence" text[],
	"html_link" text DEFAULT '' NOT NULL,
	"etag" text DEFAULT '' NOT NULL,
	"google_updated_at" timestamptz,
	"ends_at" timestamptz,
	"appointment_id" uuid,
	"generation" integer NOT NULL,
	CONSTRAINT "google_events_connection_id_event_id_pk" PRIMARY KEY("connection_id","event_id")
);
--> statement-breakpoint
CREATE TABLE "google_occurrences" (
	"business_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"instance_id" text NOT NULL,
	"event_id" text NOT NULL,
	"series_id" text NOT NULL,
	"during" "tstzrange" NOT NULL,
	"start_date" text,
	"end_date" text,
	"blocks" boolean NOT NULL,
	CONSTRAINT "google_occurrences_connection_id_instance_id_pk" PRIMARY KEY("connection_id","instance_id")
);
--> statement-breakpoint
CREATE TABLE "google_revocations" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"google_sub" text NOT NULL,
	"refresh_token" text NOT NULL,
	"channel_id" uuid,
	"channel_resource_id" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamptz DEFAULT now() NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "members" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"business_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"colour" integer NOT NULL,
	"deactivated_at" timestamptz,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "members_of_business" UNIQUE("business_id","id"),
	CONSTRAINT "members_user" UNIQUE("business_id","user_id"),
	CONSTRAINT "members_role" CHECK ("members"."role" in ('owner', 'staff'))
);
--> statement-breakpoint
CREATE TABLE "sync_marks" (
	"connection_id" uuid PRIMARY KEY NOT NULL,
	"business_id" uuid NOT NULL,
	"requested" bigint DEFAULT 0 NOT NULL,
	"processed" bigint DEFAULT 0 NOT NULL,
	"last_ring_at" timestamptz,
	CONSTRAINT "sync_marks_business_id_unique" UNIQUE("business_id")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"email" text NOT NULL,
	"google_sub" text,
	"name" text NOT NULL,
	"session_epoch" integer DEFAULT 0 NOT NULL,
	"created_at" timestamptz DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email"),
	CONSTRAINT "users_google_sub_unique" UNIQUE("google_sub")
);
--> statement-breakpoint
ALTER TABLE "activity" ADD CONSTRAINT "activity_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "activity" ADD CONSTRAINT "activity_business_id_member_id_members_business_id_id_fk" FOREIGN KEY ("business_id","member_id") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_business_id_appointment_id_appointments_business_id_id_fk" FOREIGN KEY ("business_id","appointment_id") REFERENCES "public"."appointments"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointment_assignees" ADD CONSTRAINT "appointment_assignees_business_id_member_id_members_business_id_id_fk" FOREIGN KEY ("business_id","member_id") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_business_id_created_by_members_business_id_id_fk" FOREIGN KEY ("business_id","created_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "copies" ADD CONSTRAINT "copies_business_id_appointment_id_appointments_business_id_id_fk" FOREIGN KEY ("business_id","appointment_id") REFERENCES "public"."appointments"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_connections" ADD CONSTRAINT "google_connections_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_connections" ADD CONSTRAINT "google_connections_business_id_linked_by_members_business_id_id_fk" FOREIGN KEY ("business_id","linked_by") REFERENCES "public"."members"("business_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_events" ADD CONSTRAINT "google_events_business_id_connection_id_google_connections_business_id_id_fk" FOREIGN KEY ("business_id","connection_id") REFERENCES "public"."google_connections"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_occurrences" ADD CONSTRAINT "google_occurrences_business_id_connection_id_google_connections_business_id_id_fk" FOREIGN KEY ("business_id","connection_id") REFERENCES "public"."google_connections"("business_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "google_revocations" ADD CONSTRAINT "google_revocations_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_business_id_businesses_id_fk" FOREIGN KEY ("business_id") REFERENCES "public"."businesses"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync_marks" ADD CONSTRAINT "sync_marks_connection_id_google_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."google_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "activity_by_time" ON "activity" USING btree ("business_id","id");--> statement-breakpoint
CREATE INDEX "activity_by_appointment" ON "activity" USING btree ("business_id","appointment_id","id");--> statement-breakpoint
CREATE INDEX "appointments_by_time" ON "appointments" USING gist ("business_id",tstzrange("starts_at", "ends_at"));--> statement-breakpoint
CREATE INDEX "copies_of_calendar" ON "copies" USING btree ("business_id","google_sub","calendar_id");--> statement-breakpoint
CREATE UNIQUE INDEX "google_connections_one_per_business" ON "google_connections" USING btree ("business_id");--> statement-breakpoint
CREATE INDEX "google_connections_by_sub" ON "google_connections" USING btree ("google_sub");--> statement-breakpoint
CREATE UNIQUE INDEX "google_connections_channel" ON "google_connections" USING btree ("channel_id");--> statement-breakpoint
CREATE INDEX "google_events_by_master" ON "google_events" USING btree ("connection_id","recurring_event_id","original_start");--> statement-breakpoint
CREATE INDEX "google_occurrences_by_time" ON "google_occurrences" USING gist ("business_id","during");--> statement-breakpoint
CREATE INDEX "google_occurrences_by_series" ON "google_occurrences" USING btree ("connection_id","series_id");--> statement-breakpoint
CREATE INDEX "members_by_user" ON "members" USING btree ("user_id");