CREATE TABLE "scheduler_runs" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"last_run_at" timestamptz NOT NULL
);
