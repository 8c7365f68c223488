-- Each look at a connection asks whether any of its copies waits or leaves; hardly ever one does, however many there are.
CREATE INDEX "copies_unsettled" ON "copies" USING btree ("business_id","google_sub") WHERE "copies"."leaving" or "copies"."next_attempt_at" is not null;
